#pragma once

#include <array>
#include <cstdint>

namespace espalier {

/// A cell of a DagSpace, with its vertices in some order.
class Dag {
 public:
  static constexpr unsigned kMostVertices = 7;

  std::array<unsigned, kMostVertices> sources = {};  ///< bit u of sources[v]: an edge leads from u to v
  /// 0: the cell lacks the vertex; from 1: its operation. 0 for input and output.
  std::array<unsigned, kMostVertices> operations = {};

  bool has_edge(unsigned from, unsigned to) const { return (sources[to] >> from & 1U) != 0; }
  void flip_edge(unsigned from, unsigned to) { sources[to] ^= 1U << from; }
  int edges() const;
  /// Of the vertices between input and output.
  unsigned vertices() const;

  friend bool operator==(const Dag&, const Dag&) = default;
};

/// Where each vertex goes.
using Places = std::array<unsigned, Dag::kMostVertices>;
Dag moved(const Dag& dag, const Places& places);
/// Whether edges still lead from a smaller to a larger vertex there.
bool leads_forward(const Dag& dag, const Places& places);

}  // namespace espalier
