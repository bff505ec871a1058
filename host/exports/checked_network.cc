#include "exports/checked_network.h"

#include <fmt/format.h>

#include <utility>

#include "espalier/plugin/plugin_call.h"

namespace espalier::exports {
namespace {

class CheckedNetwork final : public TrainedNetwork {
 public:
  CheckedNetwork(const Trainer& trainer, std::unique_ptr<TrainedNetwork> network, const ImageInput& input)
      : trainer_(trainer),
        network_(std::move(network)),
        image_(static_cast<std::size_t>(input.shape.elements())),
        classes_(input.classes.size()) {}

  std::vector<float> logits(std::span<const float> images) override {
    std::vector<float> result = call_plugin(trainer_, "logits()", [&] { return network_->logits(images); });
    const std::size_t count = images.size() / image_;
    if (result.size() != count * classes_)
      throw_plugin_mistake(
          trainer_, fmt::format("the plugin's logits() gave {} numbers", result.size()),
          fmt::format("{}, for images × classes = {} × {}", count * classes_, count, classes_));
    return result;
  }

 private:
  const Trainer& trainer_;
  std::unique_ptr<TrainedNetwork> network_;
  std::size_t image_;
  std::size_t classes_;
};

}  // namespace

std::unique_ptr<TrainedNetwork> open_checked_network(const Trainer& trainer, const SearchSpace& space,
                                                     const Architecture& architecture,
                                                     const StoredTensors& weights, const std::string& where,
                                                     const ImageInput& input) {
  auto network = call_plugin(trainer, "open_network()", [&] {
    return ability<const UsesWeights>(trainer)->open_network(space, architecture, weights, where);
  });
  if (network == nullptr)
    throw_plugin_mistake(trainer, "the plugin's open_network() gave no network", "a network, or an Error");
  return std::make_unique<CheckedNetwork>(trainer, std::move(network), input);
}

}  // namespace espalier::exports
