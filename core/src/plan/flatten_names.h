#pragma once

#include <map>
#include <string>
#include <unordered_set>

namespace espalier {

class Graph;

/// Gives the parts of a flattened graph their names, which are readable, unique, and depend on the graph
/// alone.
class FlattenNames {
 public:
  /// A graph on an edge or node of the outermost graph: "stage_1.cell_3", counted from 1.
  std::string instance(const Graph& graph);
  /// A part that holds layers: `name`, and from the second time on "name_2", "name_3", …
  std::string part(const std::string& name) { return fresh(parts_, name); }
  /// A layer, made unique in the same way.
  std::string layer(const std::string& name) { return fresh(layers_, name); }

 private:
  using Names = std::unordered_set<std::string>;
  static std::string fresh(Names& used, const std::string& name);

  Names parts_;
  Names layers_;
  std::map<std::string, int> instances_;
};

/// `name` within the part `prefix`, which is empty for the outermost graph.
inline std::string within(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

}  // namespace espalier
