#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "espalier/network/compile/network.h"

namespace espalier {

/// The moving average of the parameters and of the running statistics of a network, which outlives it.
class WeightsAverage {
 public:
  explicit WeightsAverage(const Network& network);

  /// How many updates there were.
  std::uint64_t updates() const { return updates_; }
  /// Leaves the share `kept` of the average and takes the rest from the network; the first update takes all.
  void update(double kept);
  /// The network gets the average, and the average the network's; nothing before the first update.
  void exchange();
  /// Begins anew.
  void forget();

  nlohmann::json save() const;
  void load(const nlohmann::json& state);

 private:
  std::vector<at::Tensor> current_;  ///< of the network
  std::vector<at::Tensor> averages_;
  std::uint64_t updates_ = 0;
};

}  // namespace espalier
