#include "picture/palette.h"

#include <array>

#include "espalier/graph/graph.h"
#include "espalier/graph/operation.h"
#include "picture/shown.h"

namespace espalier::picture {
namespace {

constexpr std::array<std::string_view, 8> kOperations = {"#77aadd", "#ee8866", "#eedd88", "#ffaabb",
                                                         "#99ddff", "#44bb99", "#bbcc33", "#aaaa00"};
constexpr std::array<std::string_view, 6> kMotifs = {"#bbccee", "#ffcccc", "#ccddaa",
                                                     "#eeeebb", "#cceeff", "#e6cce6"};
constexpr std::string_view kZero = "#dddddd";
constexpr std::string_view kFixedGraph = "#ffffff";

}  // namespace

Palette::Palette(const Graph& space) {
  for (const Graph* graph : space.instances()) {
    for (const Operation* operation : operations_of(*graph)) {
      const Candidates* candidates = operation->candidates();
      if (candidates == nullptr) continue;
      for (const Operation& candidate : *candidates) add(candidate);
    }
  }
}

void Palette::add(const Operation& candidate) {
  const std::string name = candidate.name();
  if (colors_.contains(name)) return;
  if (is_zero(candidate)) {
    colors_[name] = kZero;
  } else if (candidate.graph() != nullptr) {
    colors_[name] = kMotifs[motifs_++ % kMotifs.size()];
  } else {
    colors_[name] = kOperations[operations_++ % kOperations.size()];
  }
}

std::optional<std::string_view> Palette::find(const std::string& name) const {
  const auto found = colors_.find(name);
  return found == colors_.end() ? std::nullopt : std::optional(found->second);
}

std::string_view Palette::color(const Operation& operation) const {
  return find(operation.name()).value_or(operation.graph() != nullptr ? kFixedGraph : kFixedPrimitive);
}

}  // namespace espalier::picture
