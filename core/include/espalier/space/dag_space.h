#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/plugin/export.h"
#include "espalier/random/random.h"
#include "espalier/space/search_space.h"

namespace espalier {

class Dag;
class DagForms;

/// Which cells a DagSpace has.
struct DagCells {
  std::string title;                    ///< "NAS-Bench-101", for messages
  int vertices = 7;                     ///< at most, input and output included: 3 to 7
  int edges = 9;                        ///< at most: 2 to 21
  std::vector<std::string> operations;  ///< of the vertices between input and output: 1 to 7, as strings say
};

/// A space whose cells are directed acyclic graphs with an operation on each vertex, as in NAS-Bench-101
/// (Ying et al., 2019). The first vertex is the input and the last one the output. Vertices that lie on no
/// path between them have no effect, and isomorphic cells are one architecture: the space counts, draws and
/// compares cells up to both, and reads any form of a cell.
///
/// A derived class gives the graph and may stop there. It makes the networks of cells in the hook
/// prepare_discretization of the cell's graph.
///
/// The architectures are found when they are first needed, once for all spaces of the same cells: 423,624
/// take 50 ms.
class ESPALIER_EXPORT DagSpace : public SearchSpace {
 public:
  ~DagSpace() override;

 protected:
  /// The choices of the definition's graph must be those of dag_cell(): for each pair of vertices, ordered by
  /// the one that the edge leads to, whether there is an edge, and then for each vertex between input and
  /// output nothing or one of the operations. Throws Error where they are others, and where `cells` is out of
  /// its ranges.
  DagSpace(SpaceDefinition definition, const DagCells& cells);

  void check_impl(const Architecture& architecture) const override;
  Architecture canonical_impl(const Architecture& architecture) const override;
  double size_impl() const override;
  Architecture at_impl(std::uint64_t index) const override;
  std::uint64_t index_of_impl(const Architecture& architecture) const override;
  Architecture sample_impl(Rng& rng) const override;
  /// The mutation of Ying et al.: of the matrix of all vertices, each edge is flipped with the probability
  /// 1/vertices, and each vertex takes another operation with the probability 1/(vertices - 2); drawn again
  /// until that gives another cell. The authors mutate the matrix of the parent before it was pruned. Here a
  /// cell is all that is known of a parent, so its vertices stand in a random order, among them those that it
  /// lacks, with random operations.
  Architecture mutate_impl(const Architecture& architecture, Rng& rng) const override;
  /// The cells that differ by one change: a vertex has another operation, an edge is more or fewer, or a
  /// vertex is more or fewer that one edge enters and one leaves. Nothing else may fall off, so that every
  /// change has a way back.
  std::vector<Architecture> neighbours_impl(const Architecture& architecture) const override;
  /// The most probable of the architectures: few combinations of choices are one.
  Architecture discretize_impl(const std::vector<std::vector<double>>& weights) const override;
  /// "|conv3x3-bn-relu~0|maxpool3x3~0~1|output~1~2|": for each vertex after the input, 0, the operation and
  /// the vertices that it reads.
  std::string to_string_impl(const Architecture& architecture) const override;
  /// Reads that, and a matrix with a list of operations: "[[0, 1, 0], [0, 0, 1], [0, 0, 0]], ['input',
  /// 'maxpool3x3', 'output']". The cell need be neither pruned nor in any order.
  Architecture parse_impl(std::string_view text) const override;

 private:
  Dag dag_of(const Architecture& architecture) const;
  Architecture architecture_of(const Dag& dag) const;
  /// Throws unless a pruned cell is one of the space in some order of its vertices.
  void check_pruned(const Dag& dag, const std::string& where) const;

  DagCells cells_;
  std::shared_ptr<const DagForms> forms_;
};

/// A graph of so many nodes with all edges: node v + 1 is vertex v. Its edges and inner nodes hold nothing
/// yet. Copies of one skeleton share their choices.
ESPALIER_EXPORT Graph dag_cell(int vertices);

}  // namespace espalier
