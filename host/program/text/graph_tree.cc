#include "text/graph_tree.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "espalier/graph/graph_data.h"

namespace espalier::program {
namespace {

/// What stands at one place or at several in a row.
struct Item {
  std::string place;   ///< "1→2", "node 3"
  std::string text;    ///< the operation in a line
  std::string inside;  ///< the tree of the graphs in it
  std::string last_place = {};
  int count = 1;
};

class TreeDrawer {
 public:
  std::string draw(const Graph& graph) {
    std::vector<Item> items;
    for (const auto& [from, to] : graph.edges()) {
      const EdgeData& edge = graph.edge(from, to);
      Item item = describe(fmt::format("{}→{}", from, to), edge.op());
      if (edge.is_final() && edge.op().is_choice()) item.text += "  (final)";
      append(items, std::move(item));
    }
    for (const int node : graph.nodes()) {
      const NodeData& data = graph.node(node);
      const std::string place = fmt::format("node {}", node);
      const std::string combine = data.combine().name();
      if (combine != "sum" && graph.in_edges(node).size() > 1)
        append(items, {place, "combines by " + combine, {}});
      if (data.op()) append(items, describe(place, *data.op()));
      if (data.auxiliary_head()) append(items, {place, "read by " + data.auxiliary_head()->name(), {}});
    }
    return render(items);
  }

 private:
  Item describe(std::string place, const Operation& operation) {
    Item item{.place = std::move(place), .text = {}, .inside = {}};
    if (const Graph* graph = operation.graph()) {
      item.text = heading(*graph);
      item.inside = draw(*graph);
    } else if (const Candidates* candidates = operation.candidates()) {
      std::vector<std::string> names;
      for (const Operation& candidate : *candidates) {
        names.push_back(candidate.name());
        if (const Graph* motif = candidate.graph())
          item.inside += heading(*motif) + "\n" + indented(draw(*motif));
      }
      item.text =
          fmt::format("{} of {}", operation.mixed() != nullptr ? "a mix" : "one", fmt::join(names, " | "));
    } else {
      item.text = operation.name();
    }
    return item;
  }

  static std::string heading(const Graph& graph) {
    return graph.scope().empty() ? graph.name() : fmt::format("{} [{}]", graph.name(), graph.scope());
  }

  static void append(std::vector<Item>& items, Item item) {
    if (!items.empty() && items.back().text == item.text && items.back().inside == item.inside) {
      items.back().last_place = std::move(item.place);
      ++items.back().count;
    } else {
      items.push_back(std::move(item));
    }
  }

  std::string render(const std::vector<Item>& items) {
    std::string text;
    for (const Item& item : items) {
      std::string place = item.place;
      if (item.count > 1) place += (item.count > 2 ? " … " : ", ") + item.last_place;
      text += fmt::format("{:<14}  {}", place, item.text);
      if (item.count > 1) text += fmt::format("  ×{}", item.count);
      if (item.inside.empty()) {
        text += "\n";
      } else if (const auto [drawn, fresh] = drawn_.emplace(item.inside, item.text); fresh) {
        text += "\n" + indented(item.inside);
      } else {
        text += drawn->second == item.text ? "  (as above)\n" : fmt::format("  (as {})\n", drawn->second);
      }
    }
    return text;
  }

  static std::string indented(const std::string& text) {
    std::string result;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin) + 1;
      result += "    " + text.substr(begin, end - begin);
      begin = end;
    }
    return result;
  }

  std::map<std::string, std::string> drawn_;
};

nlohmann::ordered_json operation_to_json(const Operation& operation) {
  if (const Graph* graph = operation.graph()) return {{"graph", graph_to_json(*graph)}};
  if (const Candidates* candidates = operation.candidates()) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const Operation& candidate : *candidates) all.push_back(operation_to_json(candidate));
    return {{"candidates", std::move(all)}};
  }
  return {{"primitive", operation.name()}};
}

}  // namespace

std::string draw_tree(const Graph& graph) { return TreeDrawer().draw(graph); }

nlohmann::ordered_json graph_to_json(const Graph& graph) {
  using Json = nlohmann::ordered_json;
  Json nodes = Json::array();
  for (const int node : graph.nodes()) {
    const NodeData& data = graph.node(node);
    Json json = {{"id", node}, {"combine", data.combine().name()}};
    if (data.op()) json["operation"] = operation_to_json(*data.op());
    if (data.auxiliary_head()) json["auxiliary_head"] = data.auxiliary_head()->name();
    nodes.push_back(std::move(json));
  }
  Json edges = Json::array();
  for (const auto& [from, to] : graph.edges()) {
    const EdgeData& edge = graph.edge(from, to);
    edges.push_back({{"from", from},
                     {"to", to},
                     {"final", edge.is_final()},
                     {"operation", operation_to_json(edge.op())}});
  }
  return {{"name", graph.name()},
          {"scope", graph.scope()},
          {"nodes", std::move(nodes)},
          {"edges", std::move(edges)}};
}

}  // namespace espalier::program
