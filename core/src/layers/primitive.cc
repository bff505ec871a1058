#include "espalier/layers/primitive.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "espalier/errors/errors.h"
#include "layers/layer_error.h"

namespace espalier {
namespace {

std::string short_name(const Layer& layer) {
  if (layer.get_if<Conv2d>() != nullptr) return "conv";
  if (layer.get_if<BatchNorm>() != nullptr) return "bn";
  return std::string(layer.kind());
}

std::vector<Primitive::Node> in_a_row(std::vector<Layer> layers) {
  std::vector<Primitive::Node> nodes;
  std::map<std::string, int> seen;
  for (Layer& layer : layers) {
    std::string name = short_name(layer);
    if (const int count = ++seen[name]; count > 1) name += fmt::format("_{}", count);
    const int input = nodes.empty() ? Primitive::kInput : static_cast<int>(nodes.size()) - 1;
    nodes.push_back({std::move(name), std::move(layer), {input}});
  }
  return nodes;
}

void check(const std::string& primitive, const std::vector<Primitive::Node>& nodes) {
  const auto refuse = [&](std::string what, std::string expected) {
    throw Error(
        {.what = std::move(what), .where = "primitive " + primitive, .expected = std::move(expected)});
  };
  if (nodes.empty()) refuse("a primitive without layers", "at least one layer, such as Identity");
  std::set<std::string> names;
  for (int index = 0; const Primitive::Node& node : nodes) {
    if (node.name.empty()) refuse("a layer without a name", "a name for each layer");
    if (!names.insert(node.name).second)
      refuse(fmt::format("two layers have the name {}", node.name), "unique names");
    if (node.inputs.empty())
      refuse(fmt::format("nothing enters {}", node.name), "an earlier layer, or kInput");
    for (const int input : node.inputs)
      if (input != Primitive::kInput && (input < 0 || input >= index))
        refuse(fmt::format("layer {} of index {} has input {}", node.name, index, input),
               "the index of an earlier layer, or kInput");
    ++index;
  }
}

/// Infers the shapes of all nodes, calls `visit` with each layer and the shapes of its inputs, and returns
/// the shape of the output.
template <class Visit>
Shape walk(const Primitive& primitive, std::span<const Shape> inputs, const Visit& visit) {
  std::vector<Shape> shapes;
  shapes.reserve(primitive.nodes().size());
  std::vector<Shape> entering;
  for (const Primitive::Node& node : primitive.nodes()) {
    entering.clear();
    for (const int input : node.inputs) {
      if (input == Primitive::kInput)
        entering.insert(entering.end(), inputs.begin(), inputs.end());
      else
        entering.push_back(shapes[static_cast<std::size_t>(input)]);
    }
    naming_place(primitive.name() + "." + node.name, [&] {
      shapes.push_back(node.layer.output_shape(entering));
      visit(node.layer, std::span<const Shape>(entering));
    });
  }
  return shapes.back();
}

}  // namespace

Primitive::Primitive(std::string name, std::vector<Layer> sequence)
    : Primitive(std::move(name), in_a_row(std::move(sequence))) {}

Primitive::Primitive(std::string name, std::vector<Node> nodes) {
  check(name, nodes);
  body_ = std::make_shared<const Body>(Body{std::move(name), std::move(nodes)});
}

Primitive Primitive::renamed(std::string name) const { return {std::move(name), nodes()}; }

Shape Primitive::output_shape(std::span<const Shape> inputs) const {
  return walk(*this, inputs, [](const Layer&, std::span<const Shape>) {});
}

std::int64_t Primitive::parameters(std::span<const Shape> inputs, Purpose purpose) const {
  std::int64_t total = 0;
  walk(*this, inputs, [&](const Layer& layer, std::span<const Shape> entering) {
    total += layer.parameters(entering, purpose);
  });
  return total;
}

std::int64_t Primitive::flops(std::span<const Shape> inputs) const {
  std::int64_t total = 0;
  walk(*this, inputs,
       [&](const Layer& layer, std::span<const Shape> entering) { total += layer.flops(entering); });
  return total;
}

std::int64_t Primitive::multiply_adds(std::span<const Shape> inputs) const {
  std::int64_t total = 0;
  walk(*this, inputs,
       [&](const Layer& layer, std::span<const Shape> entering) { total += layer.multiply_adds(entering); });
  return total;
}

}  // namespace espalier
