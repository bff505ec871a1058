#include "picture/palette.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "espalier/graph/graph.h"
#include "espalier/graph/operation.h"
#include "picture/operation_meaning.h"
#include "picture/shown.h"

namespace espalier::picture {
namespace {

/// No two that stand together in a bundled space are closer than 17 in CIELAB, for normal vision and without
/// one of the three kinds of cones (Machado et al., 2009). Dark text has a contrast of 5 or more, and of 4
/// on the 5×5 convolution.
const std::map<std::string, std::string, std::less<>>& usual_colors() {
  static const std::map<std::string, std::string, std::less<>> colors = {
      {"zero", "#dddddd"},         {"skip", "#bbbb28"},         {"conv_1x1", "#aac2e8"},
      {"conv_3x3", "#67aae9"},     {"conv_5x5", "#4884c6"},     {"depthwise_3x3", "#879b28"},
      {"sep_conv_3x3", "#f2d0b3"}, {"sep_conv_5x5", "#e37d4e"}, {"dil_conv_3x3", "#b37fcc"},
      {"dil_conv_5x5", "#ed98cf"}, {"max_pool_3x3", "#37d176"}, {"avg_pool_3x3", "#6eaa85"}};
  return colors;
}
constexpr std::array<std::string_view, 6> kMotifs = {"#bbccee", "#ffcccc", "#ccddaa",
                                                     "#eeeebb", "#cceeff", "#e6cce6"};
constexpr std::string_view kFixedGraph = "#ffffff";

/// Any hue, light and pale. FNV-1a is the same on every machine.
std::string color_of_name(std::string_view name) {
  std::uint32_t hash = 2166136261U;
  for (const char character : name) hash = (hash ^ static_cast<unsigned char>(character)) * 16777619U;
  const double hue = static_cast<double>(hash % 360U) / 60.0;
  const auto channel = [hue](double offset) {
    constexpr double lightness = 0.78;
    constexpr double chroma = 0.14;
    const double place = std::fmod(hue + offset, 6.0);
    const double wave = std::clamp(std::abs(place - 3.0) - 1.0, 0.0, 1.0);  // of the hexagon of hues
    return static_cast<int>(std::lround(255.0 * (lightness + chroma * (2.0 * wave - 1.0))));
  };
  return fmt::format("#{:02x}{:02x}{:02x}", channel(0.0), channel(4.0), channel(2.0));
}

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
  if (candidate.graph() != nullptr) {
    colors_[name] = kMotifs[motifs_++ % kMotifs.size()];
  } else if (const Primitive* primitive = candidate.primitive()) {
    colors_[name] = unused_color(*primitive);
  }
}

/// Two operations of a space that do the same to a picture, such as convolutions of different norms, are told
/// apart by their names.
std::string Palette::unused_color(const Primitive& primitive) const {
  const auto usual = usual_colors().find(meaning_of(primitive));
  if (usual == usual_colors().end()) return color_of_name(primitive.name());
  const bool used =
      std::ranges::any_of(colors_, [&](const auto& other) { return other.second == usual->second; });
  return used ? color_of_name(primitive.name()) : usual->second;
}

std::optional<std::string_view> Palette::find(const std::string& name) const {
  const auto found = colors_.find(name);
  return found == colors_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::string_view Palette::color(const Operation& operation) const {
  return find(operation.name()).value_or(operation.graph() != nullptr ? kFixedGraph : kFixedPrimitive);
}

}  // namespace espalier::picture
