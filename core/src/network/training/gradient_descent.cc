#include "training/gradient_descent.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "tensors/tensor_json.h"

namespace espalier {

Sgd::Sgd(std::vector<at::Tensor> parameters, double momentum, double weight_decay)
    : parameters_(std::move(parameters)),
      velocities_(parameters_.size()),
      momentum_(momentum),
      weight_decay_(weight_decay) {}

at::Tensor Sgd::direction(std::size_t index) const {
  const at::Tensor& parameter = parameters_[index];
  const at::Tensor gradient = parameter.grad();
  if (!gradient.defined()) return {};
  const at::NoGradGuard no_grad;
  const at::Tensor decayed = at::add(gradient, parameter, weight_decay_);
  return velocities_[index].defined() ? at::add(decayed, velocities_[index], momentum_) : decayed;
}

std::vector<at::Tensor> Sgd::directions() const {
  std::vector<at::Tensor> all;
  for (std::size_t i = 0; i < parameters_.size(); ++i) all.push_back(direction(i));
  return all;
}

void Sgd::step(double learning_rate) {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor by = direction(i);
    if (!by.defined()) continue;
    velocities_[i] = by;
    parameters_[i].add_(by, -learning_rate);
  }
}

// A parameter without a velocity yet is null.
nlohmann::json Sgd::save() const {
  nlohmann::json velocities = nlohmann::json::array();
  for (const at::Tensor& velocity : velocities_)
    velocities.push_back(velocity.defined() ? to_json(velocity) : nlohmann::json());
  return velocities;
}

void Sgd::load(const nlohmann::json& state) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    velocities_[i] = state.at(i).is_null() ? at::Tensor() : at::empty_like(parameters_[i]).detach();
    if (velocities_[i].defined()) copy_from_json(state.at(i), velocities_[i]);
  }
}

Adam::Adam(std::vector<at::Tensor> parameters, const Options& options)
    : parameters_(std::move(parameters)), steps_(parameters_.size(), 0), options_(options) {
  for (const at::Tensor& parameter : parameters_) {
    means_.push_back(at::zeros_like(parameter));
    squares_.push_back(at::zeros_like(parameter));
  }
}

void Adam::step(double learning_rate) {
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (!parameters_[i].grad().defined()) continue;
    if (options_.decoupled) parameters_[i].mul_(1.0 - learning_rate * options_.weight_decay);
    const at::Tensor gradient = options_.decoupled
                                    ? parameters_[i].grad()
                                    : at::add(parameters_[i].grad(), parameters_[i], options_.weight_decay);
    const auto step = static_cast<double>(++steps_[i]);
    means_[i].mul_(options_.beta1).add_(gradient, 1.0 - options_.beta1);
    squares_[i].mul_(options_.beta2).addcmul_(gradient, gradient, 1.0 - options_.beta2);
    const double correction1 = 1.0 - std::pow(options_.beta1, step);
    const double correction2 = 1.0 - std::pow(options_.beta2, step);
    const at::Tensor scale = squares_[i].sqrt().div_(std::sqrt(correction2)).add_(options_.epsilon);
    parameters_[i].addcdiv_(means_[i], scale, -learning_rate / correction1);
  }
}

nlohmann::json Adam::save() const {
  nlohmann::json means = nlohmann::json::array();
  nlohmann::json squares = nlohmann::json::array();
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    means.push_back(to_json(means_[i]));
    squares.push_back(to_json(squares_[i]));
  }
  return {{"means", means}, {"squares", squares}, {"steps", steps_}};
}

void Adam::load(const nlohmann::json& state) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    copy_from_json(state.at("means").at(i), means_[i]);
    copy_from_json(state.at("squares").at(i), squares_[i]);
    steps_[i] = state.at("steps").at(i).get<std::int64_t>();
  }
}

}  // namespace espalier
