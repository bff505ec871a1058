#include "other_networks.h"

#include <fmt/format.h>

#include "espalier/plan/layer_graph.h"

using espalier::Shape;

namespace {

/// What the networks of a dataset take and tell apart.
struct Task {
  Shape images;
  int classes;
};
constexpr Task kCifar10 = {.images = {3, 32, 32}, .classes = 10};

Task task_of(const std::string& dataset) {
  if (dataset == "cifar100") return {.images = {3, 32, 32}, .classes = 100};
  if (dataset == "imagenet16_120") return {.images = {3, 16, 16}, .classes = 120};
  return kCifar10;
}

/// The parameters that stem and classifier have more of than those of CIFAR-10, where the first stage has 16
/// channels and the last one 64.
std::int64_t more_than_cifar10(const Shape& images, int classes) {
  constexpr std::int64_t kOfChannel = std::int64_t{3} * 3 * 16;
  constexpr std::int64_t kOfClass = 64 + 1;
  return kOfChannel * (images.channels - kCifar10.images.channels) + kOfClass * (classes - kCifar10.classes);
}

}  // namespace

std::vector<std::string> differences(const espalier::SearchSpace& space, const std::string& dataset,
                                     const espalier::Architecture& cell, double parameters) {
  const Task own = task_of(dataset);
  const Shape images = space.input_shape();
  const int classes =
      flatten(space.instantiate(cell), images, espalier::Purpose::evaluation).output().channels;
  std::vector<std::string> found;
  if (images != own.images && images != kCifar10.images)
    found.push_back(fmt::format("images of {} instead of {}", to_string(images), to_string(own.images)));
  if (classes != own.classes && classes != kCifar10.classes)
    found.push_back(fmt::format("{} classes instead of {}", classes, own.classes));
  const auto expected = static_cast<std::int64_t>(parameters) + more_than_cifar10(images, classes);
  if (const std::int64_t count = space.parameters(cell); count != expected)
    found.push_back(fmt::format("other channels or cells ({} instead of {} parameters for the largest cell)",
                                count, expected));
  return found;
}
