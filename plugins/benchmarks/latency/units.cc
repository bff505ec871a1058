#include "units.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/range/adaptor/reversed.hpp>
#include <optional>
#include <utility>

#include "espalier/plan/plan.h"

using namespace espalier;

namespace {

constexpr int kInput = LayerGraph::kInput;

/// Builds the layers of a unit out of those of the network.
class UnitBuilder {
 public:
  UnitBuilder(const LayerGraph& network, int input) : network_(network) {
    unit_.layers.input = shape_of(input);
  }

  /// A layer of the network that reads earlier layers of the unit, or its input.
  int add(int node, std::vector<int> inputs) {
    LayerGraph::Node copy = network_.nodes[static_cast<std::size_t>(node)];
    copy.inputs = std::move(inputs);
    unit_.layers.nodes.push_back(std::move(copy));
    return last();
  }

  /// A layer that has no weights and is not in the network.
  int add_new(const Layer& layer, std::vector<int> inputs) {
    std::vector<Shape> shapes;
    shapes.reserve(inputs.size());
    for (const int input : inputs)
      shapes.push_back(input == kInput ? unit_.layers.input
                                       : unit_.layers.nodes[static_cast<std::size_t>(input)].shape);
    unit_.layers.nodes.push_back({.name = fmt::format("added_{}", unit_.layers.nodes.size()),
                                  .layer = layer,
                                  .inputs = std::move(inputs),
                                  .shape = layer.output_shape(shapes),
                                  .parameters = 0,
                                  .flops = layer.flops(shapes),
                                  .multiply_adds = 0,
                                  .weighting = nullptr});
    return last();
  }

  /// The unit's input, or what is cut out of it to have the shape of a tensor of the network.
  int entering(int tensor) {
    const Shape wanted = shape_of(tensor);
    const Shape& whole = unit_.layers.input;
    if (wanted == whole) return kInput;
    int cut = kInput;
    Shape found = whole;
    if (wanted.height == 1 && wanted.width == 1 && found != wanted) {
      cut = add_new(GlobalAvgPool{}, {cut});
      found = {whole.channels, 1, 1};
    }
    if (wanted.channels < found.channels && wanted.height == found.height && wanted.width == found.width)
      return add_new(Slice{.begin = 0, .channels = wanted.channels}, {cut});
    unit_.measurable = unit_.measurable && found == wanted;
    return cut;
  }

  /// Sums the tensors that leave the unit, which have one shape.
  void join(const std::vector<int>& leaving) {
    unit_.outputs = leaving.size();
    add_new(Sum{}, leaving);
  }

  Unit take(UnitKind kind) {
    unit_.kind = kind;
    return std::move(unit_);
  }

 private:
  int last() const { return static_cast<int>(unit_.layers.nodes.size()) - 1; }
  Shape shape_of(int tensor) const {
    return tensor == kInput ? network_.input : network_.nodes[static_cast<std::size_t>(tensor)].shape;
  }

  const LayerGraph& network_;
  Unit unit_;
};

bool is_depthwise(const Layer& layer) {
  const auto* const convolution = layer.get_if<Conv2d>();
  return convolution != nullptr && convolution->groups != 1;
}

UnitKind kind_of(const Layer& layer) {
  if (layer.get_if<Conv2d>() != nullptr)
    return is_depthwise(layer) ? UnitKind::depthwise : UnitKind::convolution;
  if (layer.get_if<MaxPool>() != nullptr || layer.get_if<AvgPool>() != nullptr) return UnitKind::pool;
  return UnitKind::other;
}

class UnitDivision {
 public:
  explicit UnitDivision(const Plan& plan) : plan_(plan), needed_(plan.graph.nodes.size(), false) {
    need(plan.output);
    for (const PlanStep& step : boost::adaptors::reverse(plan.steps))
      if (std::ranges::any_of(step.outputs, [&](int output) { return is_needed(output); }))
        for (const int input : step.inputs) need(input);
  }

  std::vector<Unit> run() {
    for (const PlanStep& step : plan_.steps) {
      switch (step.kind) {
        case PlanStep::Kind::layer:
          add_layer(step);
          break;
        case PlanStep::Kind::convolutions:
          add_convolutions(step);
          break;
        case PlanStep::Kind::fan_out:
          add_fan_out(step);
          break;
        case PlanStep::Kind::sum:
          add_sum(step);
          break;
      }
    }
    return std::move(units_);
  }

 private:
  void need(int tensor) {
    if (tensor != kInput) needed_[static_cast<std::size_t>(tensor)] = true;
  }
  bool is_needed(int tensor) const { return needed_[static_cast<std::size_t>(tensor)]; }
  const Layer& layer(int node) const { return plan_.graph.nodes[static_cast<std::size_t>(node)].layer; }
  std::int64_t size(int tensor) const {
    return tensor == kInput ? plan_.graph.input.elements()
                            : plan_.graph.nodes[static_cast<std::size_t>(tensor)].shape.elements();
  }

  void add_layer(const PlanStep& step) {
    const int node = step.layers.front();
    // A zero reads nothing, but its shape follows from that of an input.
    const std::vector<int>& inputs =
        step.inputs.empty() ? plan_.graph.nodes[static_cast<std::size_t>(node)].inputs : step.inputs;
    const int largest = *std::ranges::max_element(inputs, {}, [&](int tensor) { return size(tensor); });
    UnitBuilder unit(plan_.graph, largest);
    std::vector<int> entering;
    entering.reserve(inputs.size());
    for (const int tensor : inputs) entering.push_back(unit.entering(tensor));
    unit.add(node, std::move(entering));
    units_.push_back(unit.take(kind_of(layer(node))));
  }

  void add_convolutions(const PlanStep& step) {
    for (std::size_t i = 0; i < step.layers.size(); ++i) {
      UnitBuilder unit(plan_.graph, step.inputs.front());
      const int convolution = unit.add(step.layers[i], {kInput});
      if (!step.batch_norms.empty()) unit.add(step.batch_norms[i], {convolution});
      units_.push_back(unit.take(kind_of(layer(step.layers[i]))));
    }
  }

  void add_fan_out(const PlanStep& step) {
    const auto shape = [&](std::size_t branch) {
      return plan_.graph.nodes[static_cast<std::size_t>(step.outputs[branch])].shape;
    };
    // Branches that nothing reads do not run. Those of one shape are one unit.
    std::vector<std::vector<PlanStep::Branch>> groups;
    std::vector<Shape> shapes;
    for (std::size_t i = 0; i < step.branches.size(); ++i) {
      if (!is_needed(step.outputs[i])) continue;
      const auto known = std::ranges::find(shapes, shape(i));
      const auto group = static_cast<std::size_t>(known - shapes.begin());
      if (known == shapes.end()) {
        shapes.push_back(shape(i));
        groups.emplace_back();
      }
      groups[group].push_back(step.branches[i]);
    }
    for (std::vector<PlanStep::Branch>& group : groups) units_.push_back(of_branches(step, std::move(group)));
  }

  /// The order of the branches makes no difference.
  Unit of_branches(const PlanStep& step, std::vector<PlanStep::Branch> branches) const {
    const auto described = [&](const PlanStep::Branch& branch) {
      return (branch.depthwise >= 0 ? layer(branch.depthwise).describe() : "") + ";" +
             (branch.convolution >= 0 ? layer(branch.convolution).describe() : "");
    };
    std::ranges::stable_sort(branches, {}, described);
    UnitBuilder unit(plan_.graph, step.inputs.front());
    int entering = kInput;
    if (step.reading.batch_norm >= 0) entering = unit.add(step.reading.batch_norm, {entering});
    if (step.reading.relu) entering = unit.add_new(ReLU{}, {entering});
    std::vector<int> leaving;
    leaving.reserve(branches.size());
    for (const PlanStep::Branch& branch : branches) {
      int tensor = entering;
      if (branch.depthwise >= 0) tensor = unit.add(branch.depthwise, {tensor});
      if (branch.convolution >= 0) tensor = unit.add(branch.convolution, {tensor});
      leaving.push_back(tensor);
    }
    if (leaving.size() > 1) unit.join(leaving);
    const bool depthwise =
        std::ranges::any_of(branches, [](const PlanStep::Branch& branch) { return branch.depthwise >= 0; });
    return unit.take(depthwise ? UnitKind::separable : UnitKind::fan_out);
  }

  void add_sum(const PlanStep& step) {
    if (step.terms.empty()) return;
    UnitBuilder unit(plan_.graph, step.terms.front().value);
    std::vector<int> terms;
    terms.reserve(step.terms.size());
    for (const PlanStep::Term& term : step.terms)
      terms.push_back(term.batch_norm >= 0 ? unit.add(term.batch_norm, {kInput}) : kInput);
    std::ranges::sort(terms);  // a sum of the same terms in another order has the same signature
    if (terms.size() > 1) unit.add(step.outputs.front(), std::move(terms));
    units_.push_back(unit.take(UnitKind::sum));
  }

  const Plan& plan_;
  std::vector<bool> needed_;  ///< by node: whether a step that runs reads it, or it leaves
  std::vector<Unit> units_;
};

}  // namespace

std::string Unit::signature() const {
  std::string text = measurable ? "" : "not alone: ";
  text += to_string(layers.input);
  for (const LayerGraph::Node& node : layers.nodes) {
    text += fmt::format("; {}(", node.layer.describe());
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      text += (i > 0 ? "," : "") + (node.inputs[i] == kInput ? "" : fmt::format("{}", node.inputs[i]));
    text += ")";
  }
  return text;
}

LayerGraph Unit::rest() const {
  const Shape shape = layers.output();
  LayerGraph rest{.input = shape, .nodes = {}};
  if (outputs > 1)
    rest.nodes.push_back({.name = "sum",
                          .layer = Sum{},
                          .inputs = std::vector<int>(outputs, kInput),
                          .shape = shape,
                          .parameters = 0,
                          .flops = 0,
                          .multiply_adds = 0,
                          .weighting = nullptr});
  return rest;
}

double Unit::numbers() const {
  std::int64_t count = 0;
  for (const LayerGraph::Node& node : layers.nodes) {
    count += node.shape.elements();
    for (const int input : node.inputs)
      count += input == kInput ? layers.input.elements()
                               : layers.nodes[static_cast<std::size_t>(input)].shape.elements();
  }
  return static_cast<double>(count);
}

std::vector<Unit> units_of(const LayerGraph& network) { return UnitDivision(make_plan(network)).run(); }
