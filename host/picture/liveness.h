#pragma once

#include <map>
#include <utility>

namespace espalier {
class Graph;
class Operation;
}  // namespace espalier

namespace espalier::picture {

/// Which parts of a graph do anything: data flows from an input through them to the output. An edge that lets
/// nothing through is dead, and so are the nodes that only such edges lead to or leave, and the edges there.
class Liveness {
 public:
  explicit Liveness(const Graph& graph);

  bool node(int node) const { return reached_.at(node) && used_.at(node); }
  bool edge(int from, int to) const;
  /// Whether anything reaches the output.
  bool passes() const { return reached_.at(output_); }

 private:
  std::map<int, bool> reached_;  ///< from an input
  std::map<int, bool> used_;     ///< by the output
  std::map<std::pair<int, int>, bool> open_;
  int output_;
};

/// Whether an operation, or one of the candidates, lets anything through.
bool passes(const Operation& operation);

}  // namespace espalier::picture
