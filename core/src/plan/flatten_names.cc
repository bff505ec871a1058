#include "plan/flatten_names.h"

#include "espalier/graph/graph.h"

namespace espalier {

std::string FlattenNames::instance(const Graph& graph) {
  const std::string name = within(graph.scope(), graph.name());
  return part(name + "_" + std::to_string(++instances_[name]));
}

std::string FlattenNames::fresh(Names& used, const std::string& name) {
  if (used.insert(name).second) return name;
  for (int count = 2;; ++count)
    if (std::string numbered = name + "_" + std::to_string(count); used.insert(numbered).second)
      return numbered;
}

}  // namespace espalier
