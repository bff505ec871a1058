#include "training/weights_average.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <nlohmann/json.hpp>

#include "tensors/tensor_json.h"

namespace espalier {

WeightsAverage::WeightsAverage(const Network& network) : current_(network.parameters()) {
  for (const at::Tensor& buffer : network.buffers()) current_.push_back(buffer);
}

void WeightsAverage::update(double kept) {
  const at::NoGradGuard no_grad;
  if (updates_++ == 0) {
    averages_.reserve(current_.size());
    for (const at::Tensor& tensor : current_) averages_.push_back(tensor.detach().clone());
    return;
  }
  for (std::size_t i = 0; i < current_.size(); ++i) {
    if (at::isFloatingType(current_[i].scalar_type())) {
      averages_[i].mul_(kept).add_(current_[i], 1.0 - kept);
    } else {
      averages_[i].copy_(current_[i]);  // a counter
    }
  }
}

void WeightsAverage::exchange() {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < averages_.size(); ++i) {
    const at::Tensor average = averages_[i].clone();
    averages_[i].copy_(current_[i]);
    current_[i].copy_(average);
  }
}

void WeightsAverage::forget() {
  averages_.clear();
  updates_ = 0;
}

nlohmann::json WeightsAverage::save() const {
  nlohmann::json averages = nlohmann::json::array();
  for (const at::Tensor& average : averages_) averages.push_back(to_json(average));
  return {{"updates", updates_}, {"averages", averages}};
}

void WeightsAverage::load(const nlohmann::json& state) {
  const at::NoGradGuard no_grad;
  forget();
  const nlohmann::json& averages = state.at("averages");
  if (!averages.empty()) {
    averages_.reserve(current_.size());
    for (std::size_t i = 0; i < current_.size(); ++i) {
      averages_.push_back(at::empty_like(current_[i]).detach());
      copy_from_json(averages.at(i), averages_.back());
    }
  }
  updates_ = state.at("updates").get<std::uint64_t>();
}

}  // namespace espalier
