#pragma once

#include <map>
#include <string>
#include <vector>

namespace espalier {
class Graph;
class Operation;
}  // namespace espalier

namespace espalier::picture {

/// The parts of a picture: a graph and the graphs nested in it, each that looks like another only once.
class Panels {
 public:
  struct Panel {
    const Graph* graph;
    std::vector<std::string> names;  ///< of all graphs that look like this
  };

  explicit Panels(const Graph& graph);

  /// The outermost graph first, every other one after one that holds it.
  const std::vector<Panel>& all() const { return panels_; }
  /// A graph's name, with a number where graphs of one name look different: "cell (2)".
  std::string name_of(const Graph& graph) const;
  /// What stands somewhere in words: "nor_conv_3x3", "none | skip_connect", "cell (2)".
  std::string describe(const Operation& operation) const;

 private:
  void collect(const Graph& graph);
  /// All that a picture shows of the graph, and of those in it.
  static std::string look_of(const Graph& graph);
  static std::string look_of(const Operation& operation);

  std::vector<Panel> panels_;
  std::map<std::string, std::vector<std::string>> looks_;  ///< of the graphs of a name
};

}  // namespace espalier::picture
