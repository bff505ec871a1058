#include "one_shot/parameter_group.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "espalier/errors/errors.h"
#include "tensors/tensor_json.h"
#include "training/clip_gradients.h"

namespace espalier {
namespace {

std::vector<at::Tensor> checked(const std::string& name, std::vector<at::Tensor> parameters) {
  const auto refuse = [&](const std::string& what) {
    throw Error(
        {.what = fmt::format("the group of parameters \"{}\" {}", name, what),
         .expected = "tensors of floating point numbers that no operation computed",
         .remedy = "make them with at::empty(), at::zeros() or the like, without a gradient function"});
  };
  if (parameters.empty()) refuse("is empty");
  for (const at::Tensor& parameter : parameters) {
    if (!parameter.defined()) refuse("has a tensor that is not defined");
    if (!at::isFloatingType(parameter.scalar_type()))
      refuse(fmt::format("has a tensor of {}, which cannot have gradients",
                         c10::toString(parameter.scalar_type())));
    if (!parameter.is_leaf()) refuse("has a tensor that was computed from others");
  }
  return parameters;
}

std::variant<Adam, Sgd> method(const std::vector<at::Tensor>& parameters, const ParameterOptions& options) {
  if (options.method == ParameterOptions::Method::sgd)
    return Sgd(parameters, options.momentum, options.weight_decay);
  return Adam(parameters, {.beta1 = options.beta1,
                           .beta2 = options.beta2,
                           .epsilon = options.epsilon,
                           .weight_decay = options.weight_decay});
}

}  // namespace

ParameterGroup::ParameterGroup(std::string name, std::vector<at::Tensor> parameters, ParameterOptions options)
    : name_(std::move(name)),
      parameters_(checked(name_, std::move(parameters))),
      options_(std::move(options)),
      method_(method(parameters_, options_)),
      learning_rate_(options_.learning_rate) {
  set_trainable(options_.moved == ParameterOptions::Moved::on_request);
}

bool ParameterGroup::has_gradient() const {
  return std::ranges::any_of(parameters_,
                             [](const at::Tensor& parameter) { return parameter.grad().defined(); });
}

void ParameterGroup::set_trainable(bool trainable) {
  for (const at::Tensor& parameter : parameters_) parameter.requires_grad_(trainable);
}

void ParameterGroup::clear_gradients() {
  for (const at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

void ParameterGroup::begin_epoch(int epoch, int epochs) {
  learning_rate_ = options_.learning_rate * (options_.schedule ? options_.schedule(epoch, epochs) : 1.0);
}

void ParameterGroup::step() {
  clip_gradients(parameters_, options_.clip);
  std::visit([&](auto& method) { method.step(learning_rate_); }, method_);
}

nlohmann::json ParameterGroup::save() const {
  nlohmann::json parameters = nlohmann::json::array();
  for (const at::Tensor& parameter : parameters_) parameters.push_back(to_json(parameter));
  return {{"parameters", parameters},
          {"method", std::visit([](const auto& method) { return method.save(); }, method_)}};
}

void ParameterGroup::load(const nlohmann::json& state) {
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    copy_from_json(state.at("parameters").at(i), parameters_[i]);
  std::visit([&](auto& method) { method.load(state.at("method")); }, method_);
}

}  // namespace espalier
