#pragma once

#include <nlohmann/json.hpp>

namespace espalier {

/// The epoch after which a training was best on images that were held out.
struct BestEpoch {
  int epoch = 0;           ///< counts from 1; 0 before the first
  double accuracy = 0.0;   ///< percent
  nlohmann::json network;  ///< what was tested then, as save_network() saves it

  nlohmann::json save() const { return {{"epoch", epoch}, {"accuracy", accuracy}, {"network", network}}; }
  void load(const nlohmann::json& state) {
    epoch = state.at("epoch").get<int>();
    accuracy = state.at("accuracy").get<double>();
    network = state.at("network");
  }
};

}  // namespace espalier
