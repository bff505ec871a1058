#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <tuple>
#include <vector>

#include "space/dag/dag.h"

namespace espalier {

/// How large the cells of a DagSpace are.
struct DagShape {
  unsigned vertices = 0;    ///< at most, input and output included
  unsigned operations = 0;  ///< kinds
  int edges = 0;            ///< at most

  unsigned output() const { return vertices - 1; }
  friend bool operator<(const DagShape& a, const DagShape& b) {
    return std::tie(a.vertices, a.operations, a.edges) < std::tie(b.vertices, b.operations, b.edges);
  }
};

/// The forms of cells of one shape. All functions are [any-thread].
class DagForms {
 public:
  explicit DagForms(const DagShape& shape);
  /// The same object for the same shape, so that the architectures are found once.
  static std::shared_ptr<const DagForms> of(const DagShape& shape);

  const DagShape& shape() const { return shape_; }

  /// The cell without what lies on no path from the input to the output; without any edge when there is no
  /// path.
  Dag pruned(Dag dag) const;
  /// The form that stands for all cells that are isomorphic to this one once they are pruned: the one of
  /// smallest code(). Has no edge where there is no such form: for a cell without a path, with a cycle, or
  /// with too many edges.
  ///
  /// The networks of NAS-Bench-101 have this form, because the authors' enumeration went through the cells in
  /// this order and kept the first of equal ones. That matters: of the vertices before the output, the first
  /// ones have a channel more where the channels cannot be shared out evenly.
  Dag canonical(const Dag& dag) const;

  /// The edges, those into the last vertex first, and then the operations, as one number. It differs for any
  /// two cells whose edges all lead from a smaller to a larger vertex.
  std::uint64_t code(const Dag& dag) const;
  Dag dag_of(std::uint64_t code) const;
  /// The codes of all canonical cells, ascending. The first call finds them.
  const std::vector<std::uint64_t>& codes() const;

 private:
  template <class Visit>
  void for_each_order(const Dag& dag, const Visit& visit) const;
  void add_labelings(Dag dag, std::vector<std::uint64_t>& codes) const;
  std::vector<std::uint64_t> find_codes() const;

  DagShape shape_;
  unsigned operation_bits_;
  mutable std::once_flag found_;
  mutable std::vector<std::uint64_t> codes_;
};

}  // namespace espalier
