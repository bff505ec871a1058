#include "compile/network_state.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>
#include <string>

#include "espalier/errors/errors.h"
#include "tensors/tensor_json.h"

namespace espalier {
namespace {

void copy_by_name(const nlohmann::json& state, const std::string& name, const at::Tensor& tensor) {
  if (!state.contains(name)) {
    throw Error(
        {.what = "the saved network has no \"" + name + "\"", .expected = "a network of the same graph"});
  }
  copy_from_json(state.at(name), tensor);
}

}  // namespace

nlohmann::json save_network(const Network& network) {
  nlohmann::json state = nlohmann::json::object();
  for (const auto& entry : network.named_parameters()) state[entry.key()] = to_json(entry.value());
  for (const auto& entry : network.named_buffers()) state[entry.key()] = to_json(entry.value());
  return state;
}

void load_network(const nlohmann::json& state, Network& network) {
  for (const auto& entry : network.named_parameters()) copy_by_name(state, entry.key(), entry.value());
  for (const auto& entry : network.named_buffers()) copy_by_name(state, entry.key(), entry.value());
}

nlohmann::json save_velocities(const Network& network, Sgd& sgd) {
  nlohmann::json state = nlohmann::json::object();
  std::size_t index = 0;
  for (const auto& entry : network.named_parameters()) {
    const at::Tensor& velocity = sgd.velocities()[index++];
    if (velocity.defined()) state[entry.key()] = to_json(velocity);
  }
  return state;
}

void load_velocities(const nlohmann::json& state, const Network& network, Sgd& sgd) {
  std::size_t index = 0;
  for (const auto& entry : network.named_parameters()) {
    at::Tensor& velocity = sgd.velocities()[index++];
    velocity = state.contains(entry.key()) ? at::empty_like(entry.value()).detach() : at::Tensor();
    if (velocity.defined()) copy_from_json(state.at(entry.key()), velocity);
  }
}

}  // namespace espalier
