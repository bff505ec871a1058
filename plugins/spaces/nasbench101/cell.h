#pragma once

#include <array>
#include <cstdint>
#include <vector>

/// The cells of NAS-Bench-101 (Ying et al., 2019): directed acyclic graphs of at most seven vertices and nine
/// edges, with an operation on each vertex between the first, the input, and the last, the output. Vertices
/// that lie on no path from the input to the output have no effect, and isomorphic cells are one cell.
namespace nasbench101 {

inline constexpr unsigned kVertices = 7;
inline constexpr unsigned kOutput = kVertices - 1;
inline constexpr unsigned kOperations = 3;
inline constexpr int kMostEdges = 9;

struct Cell {
  std::array<unsigned, kVertices> sources = {};  ///< bit u of sources[v]: an edge leads from u to v
  /// 0: the cell lacks the vertex; 1 to 3: its operation. 0 for input and output.
  std::array<unsigned, kVertices> operations = {};

  bool has_edge(unsigned from, unsigned to) const { return (sources[to] >> from & 1U) != 0; }
  void flip_edge(unsigned from, unsigned to) { sources[to] ^= 1U << from; }
  int edges() const;
  /// Of the vertices between input and output.
  unsigned vertices() const;

  friend bool operator==(const Cell&, const Cell&) = default;
};

/// Where each vertex goes.
using Places = std::array<unsigned, kVertices>;
Cell moved(const Cell& cell, const Places& places);
/// Whether edges still lead from a smaller to a larger vertex there.
bool leads_forward(const Cell& cell, const Places& places);

/// The cell without what lies on no path from the input to the output; without any edge when there is no
/// path.
Cell pruned(Cell cell);

/// The form that stands for all cells that are isomorphic to this one once they are pruned: the one of
/// smallest code(). The authors' networks have this form, because their enumeration went through the cells in
/// this order and kept the first of equal ones. That matters: of the vertices before the output, the first
/// ones have a channel more where the channels cannot be shared out evenly. Has no edge where there is no
/// such form: for a cell without a path, with a cycle, or with too many edges.
Cell canonical(const Cell& cell);

/// The edges, those into the last vertex first, and then the operations, as one number. It differs for any
/// two cells whose edges all lead from a smaller to a larger vertex.
std::uint32_t code(const Cell& cell);
Cell cell_of(std::uint32_t code);

/// [any-thread] The codes of all 423,624 canonical cells, ascending. The first call finds them, in about 50
/// ms.
const std::vector<std::uint32_t>& all_codes();

}  // namespace nasbench101
