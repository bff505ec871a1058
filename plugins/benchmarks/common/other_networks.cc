#include "other_networks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "espalier/plan/layer_graph.h"

using espalier::Shape;

namespace {

/// An auxiliary head, which plays no part here, fits images of this size.
constexpr int kRoomForHeads = 32;

/// The parameters that stem and classifier have more of than with the table's default images and classes.
std::int64_t more_than_default(const Shape& images, int classes, const TableNetworks& networks) {
  constexpr std::int64_t kOfKernel = std::int64_t{3} * 3;
  return kOfKernel * networks.stem_channels * (images.channels - networks.default_images.channels) +
         (networks.features + 1) * (classes - networks.default_classes);
}

}  // namespace

std::vector<std::string> of_other_networks(const std::string& table, const espalier::SearchSpace& space,
                                           const espalier::Architecture& architecture,
                                           const TableNetworks& networks) {
  const Shape images = space.input_shape();
  const Shape large = {images.channels, std::max(images.height, kRoomForHeads),
                       std::max(images.width, kRoomForHeads)};
  const int classes =
      flatten(space.instantiate(architecture), large, espalier::Purpose::evaluation).output().channels;
  std::vector<std::string> differing;
  if (images != networks.images && images != networks.default_images)
    differing.push_back(
        fmt::format("images of {} instead of {}", to_string(images), to_string(networks.images)));
  if (classes != networks.classes && classes != networks.default_classes)
    differing.push_back(fmt::format("{} classes instead of {}", classes, networks.classes));
  const std::int64_t expected = networks.parameters + more_than_default(images, classes, networks);
  if (const std::int64_t count = space.parameters(architecture); count != expected)
    differing.push_back(
        fmt::format("other channels or cells ({} instead of {} parameters for the largest architecture)",
                    count, expected));
  if (differing.empty()) return {};
  return {
      fmt::format("The figures of the table {} are of other networks than those of this search space, which "
                  "have {}.",
                  table, fmt::join(differing, ", "))};
}
