#include "picture/operation_meaning.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "espalier/layers/primitive.h"

namespace espalier::picture {
namespace {

/// The layers that tell one operation from another.
std::vector<Layer> telling_layers(const Primitive& primitive) {
  std::vector<Layer> layers;
  for (const Primitive::Node& node : primitive.nodes()) {
    const Layer& layer = node.layer;
    const bool tells_nothing = layer.get_if<ReLU>() != nullptr || layer.get_if<Activation>() != nullptr ||
                               layer.get_if<BatchNorm>() != nullptr || layer.get_if<LayerNorm>() != nullptr ||
                               layer.get_if<DropPath>() != nullptr || layer.get_if<Identity>() != nullptr;
    if (!tells_nothing) layers.push_back(layer);
  }
  return layers;
}

bool is_depthwise(const Conv2d& convolution) { return convolution.groups == kDepthwise; }
bool is_pointwise(const Conv2d& convolution) { return convolution.kernel == 1 && convolution.groups == 1; }

std::string sized(std::string_view kind, int kernel) { return fmt::format("{}_{}x{}", kind, kernel, kernel); }

/// Empty for an unusual combination of convolutions.
std::string meaning_of(const std::vector<Conv2d>& convolutions) {
  const Conv2d& first = convolutions.front();
  if (convolutions.size() == 1 && !is_depthwise(first))
    return first.groups == 1 && first.dilation == 1 ? sized("conv", first.kernel) : "";
  if (!is_depthwise(first)) return "";
  if (convolutions.size() == 1) return first.dilation == 1 ? sized("depthwise", first.kernel) : "";
  for (std::size_t i = 0; i < convolutions.size(); ++i) {
    const bool alike = i % 2 == 0 ? is_depthwise(convolutions[i]) && convolutions[i].kernel == first.kernel &&
                                        convolutions[i].dilation == first.dilation
                                  : is_pointwise(convolutions[i]);
    if (!alike) return "";
  }
  return sized(first.dilation > 1 ? "dil_conv" : "sep_conv", first.kernel);
}

}  // namespace

std::string meaning_of(const Primitive& primitive) {
  const std::vector<Layer> layers = telling_layers(primitive);
  // A skip that halves the image is a small network; its name says what it stands for.
  if (layers.empty() || primitive.name() == "skip_connect") return "skip";
  std::vector<Conv2d> convolutions;
  for (const Layer& layer : layers)
    if (const auto* convolution = layer.get_if<Conv2d>()) convolutions.push_back(*convolution);
  std::string meaning;
  if (convolutions.size() == layers.size()) {
    meaning = meaning_of(convolutions);
  } else if (layers.size() == 1) {
    if (layers.front().get_if<Zero>() != nullptr) meaning = "zero";
    if (const auto* pool = layers.front().get_if<MaxPool>()) meaning = sized("max_pool", pool->kernel);
    if (const auto* pool = layers.front().get_if<AvgPool>()) meaning = sized("avg_pool", pool->kernel);
  }
  return meaning.empty() ? primitive.name() : meaning;
}

}  // namespace espalier::picture
