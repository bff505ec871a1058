#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/plan/layer_graph.h"
#include "layers/layer_error.h"
#include "plan/flatten_names.h"
#include "plan/without_head.h"

namespace espalier {
namespace {

/// The layer that a tensor leaves, or LayerGraph::kInput.
using Tensor = int;
using Tensors = std::vector<Tensor>;

bool is_plain_sum(const Primitive& combine) {
  return combine.nodes().size() == 1 && combine.nodes().front().layer.get_if<Sum>() != nullptr;
}

/// Whether an operation takes the tensors that enter a node one by one, and not combined.
bool takes_several(const std::optional<Operation>& op) {
  return op && op->graph() != nullptr && op->graph()->input_nodes().size() > 1;
}

class Flattener {
 public:
  /// `entering` takes the shapes of what enters each edge, unless it is null.
  Flattener(const Shape& input, Purpose purpose, std::map<const EdgeData*, Shape>* entering = nullptr)
      : purpose_(purpose), entering_(entering) {
    result_.input = input;
  }

  Flattener& leave_out_head() {
    with_head_ = false;
    return *this;
  }

  LayerGraph run(const Graph& graph) {
    const Tensor output = add_graph(graph, "", {LayerGraph::kInput});
    // The output of the last node is the network's, so it must be the graph's.
    if (output != static_cast<Tensor>(result_.nodes.size()) - 1) add("output", Identity{}, {output});
    return std::move(result_);
  }

 private:
  Tensor add_graph(const Graph& graph, const std::string& prefix, const Tensors& entering) {
    const std::vector<int> inputs = graph.input_nodes();
    if (inputs.size() != entering.size() || inputs.empty())
      throw Error({.what = fmt::format("graph {} has {} input nodes, and {} tensors enter", graph.name(),
                                       inputs.size(), entering.size()),
                   .where = prefix.empty() ? graph.name() : prefix,
                   .expected = "one tensor for each node that no edge leads to"});
    std::map<int, Tensor> tensors;
    for (std::size_t next = 0; const int node : graph.nodes()) {
      Tensors arriving;
      for (const auto& [from, to] : graph.in_edges(node)) {
        const EdgeData& edge = graph.edge(from, to);
        if (entering_ != nullptr) entering_->emplace(&edge, shape_of(tensors.at(from)));
        arriving.push_back(
            add_operation(edge.op(), prefix, fmt::format("edge_{}_{}", from, to), {tensors.at(from)}));
      }
      // Nothing is combined where a tensor enters.
      const bool enters = arriving.empty();
      const NodeData& data = graph.node(node);
      const std::string place = fmt::format("node_{}", node);
      if (!enters)
        tensors[node] = add_node(data, prefix, place, arriving);
      else if (data.op())
        tensors[node] = add_operation(*data.op(), prefix, place, {entering[next++]});
      else
        tensors[node] = entering[next++];
      if (data.auxiliary_head() && with_head_)
        add_auxiliary_head(*data.auxiliary_head(), prefix, tensors[node]);
    }
    return tensors.at(graph.output_node());
  }

  Tensor add_node(const NodeData& node, const std::string& prefix, const std::string& place,
                  const Tensors& arriving) {
    if (arriving.size() > 1 && takes_several(node.op()))
      return add_operation(*node.op(), prefix, place, arriving);
    const Tensor combined = combine(node.combine(), within(prefix, place), arriving);
    return node.op() ? add_operation(*node.op(), prefix, place, {combined}) : combined;
  }

  void add_auxiliary_head(const Primitive& head, const std::string& prefix, Tensor entering) {
    const std::string part = names_.part(prefix.empty() ? head.name() : within(prefix, head.name()));
    if (result_.auxiliary_output())
      throw Error({.what = "a second auxiliary head", .where = part, .expected = "one in a network"});
    const std::size_t first = result_.nodes.size();
    try {
      add_primitive(head, part, {entering});
    } catch (const Error& error) {
      const Shape found = shape_of(entering);
      const std::string least = least_for(head, found.channels);
      if (least.empty()) throw;  // it is not the size that is wrong
      throw UsageError(
          {.what =
               fmt::format("the auxiliary head does not fit {}, which the network leaves of an image there",
                           to_string(found)),
           .where = error.details().where,
           .expected = least,
           .remedy = "leave the head out (`auxiliary: false` of the search space, where it has this option), "
                     "or train on larger images"});
    }
    for (std::size_t i = first; i < result_.nodes.size(); ++i) result_.nodes[i].auxiliary = true;
  }

  /// "576×8×8 or more": the least that `head` takes of so many channels. Empty when that is nothing usual.
  std::string least_for(const Primitive& head, int channels) const {
    constexpr int kMost = 64;
    for (int size = 1; size <= kMost; ++size) {
      const Shape shape = {channels, size, size};
      try {
        Flattener(shape, purpose_).add_primitive(head, head.name(), {LayerGraph::kInput});
        return to_string(shape) + " or more";
      } catch (const Error&) {  // the next one is larger
      }
    }
    return {};
  }

  Tensor combine(const Primitive& operation, const std::string& place, const Tensors& arriving) {
    if (arriving.size() == 1 && is_plain_sum(operation)) return arriving.front();
    return add_primitive(operation, names_.part(within(place, operation.name())), arriving);
  }

  /// `place` is the edge or node within the graph `prefix`.
  Tensor add_operation(const Operation& op, const std::string& prefix, const std::string& place,
                       const Tensors& entering) {
    if (op.is_choice()) return add_choice(op, within(prefix, place), entering);
    if (!prefix.empty()) return add_alternative(op, within(prefix, place), entering);
    // In the outermost graph the names of the operations say more than those of the edges.
    if (const Graph* graph = op.graph()) return add_graph(*graph, names_.instance(*graph), entering);
    return add_primitive(*op.primitive(), names_.part(op.name()), entering);
  }

  Tensor add_alternative(const Operation& op, const std::string& prefix, const Tensors& entering) {
    if (op.is_choice()) return add_choice(op, prefix, entering);
    const std::string part = names_.part(within(prefix, op.name()));
    if (const Graph* graph = op.graph()) return add_graph(*graph, part, entering);
    return add_primitive(*op.primitive(), part, entering);
  }

  Tensor add_choice(const Operation& op, const std::string& prefix, const Tensors& entering) {
    if (op.candidates()->empty())
      throw Error(
          {.what = "a choice without candidates", .where = prefix, .expected = "at least one operation"});
    Tensors leaving;
    for (const Operation& candidate : *op.candidates())
      leaving.push_back(add_alternative(candidate, prefix, entering));
    check_shapes(*op.candidates(), leaving, prefix);
    return add(within(prefix, "weighted_sum"), WeightedSum{}, std::move(leaving),
               op.mixed() != nullptr ? op.mixed()->weighting : nullptr);
  }

  /// A supernet sums the candidates of a choice.
  void check_shapes(const Candidates& candidates, const Tensors& leaving, const std::string& place) const {
    const Shape first = shape_of(leaving.front());
    for (std::size_t i = 1; i < leaving.size(); ++i) {
      const Shape other = shape_of(leaving[i]);
      if (other == first) continue;
      throw Error({.what = fmt::format("candidates differ in shape: {} gives {}, {} gives {}",
                                       candidates.front().name(), to_string(first), candidates[i].name(),
                                       to_string(other)),
                   .where = place,
                   .expected = "one shape for all candidates of a choice, which a supernet sums",
                   .remedy = "pad the smaller one with zeros (Concat of it and a Zero), or set "
                             "SpaceDefinition::discrete_only"});
    }
  }

  Shape shape_of(Tensor tensor) const {
    return tensor == LayerGraph::kInput ? result_.input
                                        : result_.nodes[static_cast<std::size_t>(tensor)].shape;
  }

  Tensor add_primitive(const Primitive& primitive, const std::string& prefix, const Tensors& entering) {
    const std::vector<Primitive::Node>& nodes = primitive.nodes();
    // "identity", not "identity.identity".
    const bool single = nodes.size() == 1 && nodes.front().name == primitive.name();
    const Tensor offset = static_cast<Tensor>(result_.nodes.size());
    for (const Primitive::Node& node : nodes) {
      Tensors inputs;
      for (const int input : node.inputs) {
        if (input == Primitive::kInput)
          inputs.insert(inputs.end(), entering.begin(), entering.end());
        else
          inputs.push_back(offset + input);
      }
      add(single ? prefix : within(prefix, node.name), node.layer, std::move(inputs));
    }
    return static_cast<Tensor>(result_.nodes.size()) - 1;
  }

  Tensor add(const std::string& wanted, const Layer& layer, Tensors inputs,
             std::shared_ptr<Weighting> weighting = nullptr) {
    std::vector<Shape> shapes;
    shapes.reserve(inputs.size());
    for (const Tensor input : inputs) shapes.push_back(shape_of(input));
    std::string name = names_.layer(wanted);
    naming_place(name, [&] {
      result_.nodes.push_back({.name = name,
                               .layer = layer,
                               .inputs = std::move(inputs),
                               .shape = layer.output_shape(shapes),
                               .parameters = layer.parameters(shapes, purpose_),
                               .flops = layer.flops(shapes),
                               .multiply_adds = layer.multiply_adds(shapes),
                               .weighting = std::move(weighting)});
    });
    return static_cast<Tensor>(result_.nodes.size()) - 1;
  }

  Purpose purpose_;
  bool with_head_ = true;
  std::map<const EdgeData*, Shape>* entering_;
  FlattenNames names_;
  LayerGraph result_;
};

}  // namespace

LayerGraph flatten(const Graph& graph, const Shape& input, Purpose purpose) {
  return Flattener(input, purpose).run(graph);
}

LayerGraph flatten_without_head(const Graph& graph, const Shape& input, Purpose purpose) {
  return Flattener(input, purpose).leave_out_head().run(graph);
}

std::map<const EdgeData*, Shape> entering_shapes(const Graph& graph, const Shape& input) {
  std::map<const EdgeData*, Shape> shapes;
  Flattener(input, Purpose::search, &shapes).run(graph);
  return shapes;
}

}  // namespace espalier
