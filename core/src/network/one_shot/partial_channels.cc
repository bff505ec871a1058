#include "espalier/network/one_shot/partial_channels.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plan/layer_graph.h"

namespace espalier {
namespace {

/// What stands on an edge, in two parts.
struct Parts {
  Candidates candidates;  ///< on the first channels
  Primitive bypass;       ///< of the other channels
};

struct DividedEdge {
  EdgeData* edge;
  Parts parts;
};

bool has_known_parts(const Operation& candidate) {
  const Primitive* primitive = candidate.primitive();
  return primitive != nullptr && std::ranges::all_of(primitive->nodes(), [](const Primitive::Node& node) {
           const auto* conv = node.layer.get_if<Conv2d>();
           return (conv == nullptr || conv->groups == 1 || conv->groups == kDepthwise) &&
                  node.layer.get_if<Linear>() == nullptr && node.layer.get_if<Slice>() == nullptr &&
                  node.layer.get_if<ChannelShuffle>() == nullptr &&
                  node.layer.get_if<CustomLayer>() == nullptr;
         });
}

class ChannelDivision {
 public:
  explicit ChannelDivision(int k) : k_(k) {}

  /// Nothing for an edge that stays whole. `shape` is that of what enters it.
  std::optional<Parts> divide(const EdgeData& edge, const Shape& shape) const {
    const Candidates* candidates = edge.op().candidates();
    if (k_ == 1 || candidates == nullptr || !choice_of(edge) ||
        !std::ranges::all_of(*candidates, has_known_parts))
      return {};
    const Shape leaving = candidates->front().primitive()->output_shape(shape);
    std::optional<Primitive> bypass = bypass_of(shape, leaving);
    if (!bypass) return {};
    Parts parts{.candidates = {}, .bypass = *std::move(bypass)};
    for (const Operation& candidate : *candidates)
      parts.candidates.emplace_back(of_first_channels(*candidate.primitive(), shape.channels));
    return parts;
  }

  /// The sum of edges, whose two parts are put together again. Leaves an identity on each.
  template <class BypassOf>
  Graph joined(const std::vector<DividedEdge>& edges, const BypassOf& bypass_of) const {
    const int first = edges.front().edge->to();
    const int others = first + 1;
    const int all = first + 2;
    Graph graph("partial_channels");
    graph.add_node_range(first, all).add_edges({{first, all}, {others, all}});
    graph.node(all).set_combine(Primitive("shuffle", std::vector<Layer>{Concat{}, ChannelShuffle{k_}}));
    for (const auto& [edge, parts] : edges) {
      const int from = edge->from();
      graph.add_node(from).add_edges({{from, first}, {from, others}});
      graph.edge(from, first).set_op(Mixed{parts.candidates, edge->op().mixed()->weighting});
      graph.edge(from, others).set_op(Mixed{{parts.bypass}, bypass_of(*choice_of(*edge))});
      edge->set_op(primitives::identity());
    }
    return graph;
  }

 private:
  int part(int channels, const std::string& candidate) const {
    if (channels % k_ == 0) return channels / k_;
    throw UsageError(
        {.what =
             fmt::format("k is {}, which does not divide the {} channels of a layer of the candidate \"{}\"",
                         k_, channels, candidate),
         .expected = fmt::format("numbers of channels that {} divides", k_),
         .remedy = "set k to a number that divides them, such as 1, or give the space other channels"});
  }

  std::optional<Primitive> bypass_of(const Shape& entering, const Shape& leaving) const {
    if (leaving.channels != entering.channels) return {};
    const int first = entering.channels / k_;
    std::vector<Layer> layers = {Slice{.begin = first, .channels = entering.channels - first}};
    // A padding of 1 makes half of an odd size as large as that of a candidate.
    if (leaving != entering)
      layers.emplace_back(MaxPool{.kernel = 2, .stride = 2, .padding = entering.height % 2});
    const Primitive bypass("bypass", layers);
    const Shape shape = bypass.output_shape(entering);
    if (shape.height != leaving.height || shape.width != leaving.width) return {};
    return bypass;
  }

  Primitive of_first_channels(const Primitive& whole, int channels) const {
    std::vector<Primitive::Node> nodes = {
        {"first_channels", Slice{.channels = part(channels, whole.name())}, {Primitive::kInput}}};
    for (Primitive::Node node : whole.nodes()) {
      for (int& input : node.inputs) ++input;  // the slice is the first node, and the input of the others
      if (const auto* conv = node.layer.get_if<Conv2d>()) {
        Conv2d less = *conv;
        less.out_channels = part(conv->out_channels, whole.name());
        node.layer = less;
      } else if (const auto* zero = node.layer.get_if<Zero>()) {
        node.layer = Zero{.stride = zero->stride, .out_channels = part(zero->out_channels, whole.name())};
      }
      nodes.push_back(std::move(node));
    }
    return Primitive(whole.name(), std::move(nodes));
  }

  int k_;
};

bool is_sum(const NodeData& node) {
  const std::vector<Primitive::Node>& nodes = node.combine().nodes();
  return !node.op() && nodes.size() == 1 && nodes.front().layer.get_if<Sum>() != nullptr;
}

}  // namespace

void check_partial_channels(const SearchSpace& space, int k) {
  const auto shapes = entering_shapes(space.graph(), space.input_shape());
  space.graph().visit_edges(
      [&](const EdgeData& edge) { (void)ChannelDivision(k).divide(edge, shapes.at(&edge)); });
}

void add_partial_channels(Graph& supernet, const SearchSpace& space, int k,
                          const std::function<std::shared_ptr<Weighting>(std::size_t choice)>& bypass_of) {
  const ChannelDivision division(k);
  const auto shapes = entering_shapes(supernet, space.input_shape());
  for (Graph* graph : supernet.instances())
    for (const int node : graph->nodes()) {
      std::vector<DividedEdge> divided;
      const std::vector<EdgeId> entering = graph->in_edges(node);
      for (const auto& [from, to] : entering) {
        EdgeData& edge = graph->edge(from, to);
        if (auto parts = division.divide(edge, shapes.at(&edge)))
          divided.push_back({&edge, *std::move(parts)});
      }
      // The sum of shuffled edges is the shuffle of their sums: one shuffle in place of several.
      if (!divided.empty() && divided.size() == entering.size() && is_sum(graph->node(node)))
        graph->node(node).set_op(division.joined(divided, bypass_of));
      else
        for (const DividedEdge& each : divided) each.edge->set_op(division.joined({each}, bypass_of));
    }
}

}  // namespace espalier
