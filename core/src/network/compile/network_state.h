#pragma once

#include <nlohmann/json_fwd.hpp>

#include "espalier/network/compile/network.h"
#include "training/gradient_descent.h"

namespace espalier {

/// Parameters and buffers by name. load_network() throws Error when one is missing or does not fit,
/// nlohmann::json::exception when `state` is nothing of the kind.
nlohmann::json save_network(const Network& network);
void load_network(const nlohmann::json& state, Network& network);

/// SGD's momentum by the name of the parameter, where there is one yet.
nlohmann::json save_velocities(const Network& network, Sgd& sgd);
void load_velocities(const nlohmann::json& state, const Network& network, Sgd& sgd);

}  // namespace espalier
