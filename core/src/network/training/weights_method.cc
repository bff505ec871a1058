#include "training/weights_method.h"

#include <nlohmann/json.hpp>

#include "compile/network_state.h"

namespace espalier {
namespace {

constexpr const char* kVelocities = "velocities";
constexpr const char* kAdamW = "adamw";

std::variant<Sgd, Adam> weights_method(const std::vector<at::Tensor>& parameters,
                                       const ScratchOptions& options) {
  if (options.weights_optimizer == WeightsOptimizer::sgd)
    return Sgd(parameters, options.sgd.momentum, options.sgd.weight_decay);
  return Adam(parameters,
              {.beta1 = options.sgd.momentum, .weight_decay = options.sgd.weight_decay, .decoupled = true});
}

}  // namespace

WeightsMethod::WeightsMethod(const Network& network, const ScratchOptions& options)
    : parameters_(network.parameters()), method_(weights_method(parameters_, options)) {}

void WeightsMethod::step(double learning_rate) {
  std::visit([&](auto& method) { method.step(learning_rate); }, method_);
}

void WeightsMethod::save(const Network& network, nlohmann::json& state) {
  if (auto* sgd = std::get_if<Sgd>(&method_)) {
    state[kVelocities] = save_velocities(network, *sgd);
  } else {
    state[kAdamW] = std::get<Adam>(method_).save();
  }
}

void WeightsMethod::load(const nlohmann::json& state, const Network& network) {
  if (auto* sgd = std::get_if<Sgd>(&method_)) {
    load_velocities(state.at(kVelocities), network, *sgd);
  } else {
    std::get<Adam>(method_).load(state.at(kAdamW));
  }
}

}  // namespace espalier
