#include "one_shot/checked_weighting.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "tensors/numbers.h"

namespace espalier {

CheckedWeighting::CheckedWeighting(const Plugin& optimizer, const Choice& choice, at::Tensor alpha,
                                   std::shared_ptr<OpWeighting> weighting)
    : optimizer_(optimizer),
      choice_(choice),
      alpha_(std::move(alpha)),
      weighting_(std::move(weighting)),
      expected_(fmt::format("a vector of {} floating point numbers", size())) {
  if (weighting_ == nullptr) refuse("relax()", "nothing", "a weighting");
  const std::size_t given = call_plugin(optimizer_, "size()", [&] { return weighting_->size(); });
  if (given != size())
    refuse("relax()", fmt::format("a weighting of {} weights", given),
           fmt::format("one of {}, a weight for each candidate", size()));
}

bool CheckedWeighting::runs(std::size_t candidate) const {
  return call_plugin(optimizer_, "runs()", [&] { return weighting_->runs(candidate); });
}

at::Tensor CheckedWeighting::weights() {
  at::Tensor weights = call_plugin(optimizer_, "weights()", [&] { return weighting_->weights(); });
  if (!weights.defined()) refuse("weights()", "a tensor that is not defined", expected_);
  if (weights.dim() != 1 || static_cast<std::size_t>(weights.numel()) != size())
    refuse("weights()", fmt::format("a tensor of sizes [{}]", fmt::join(weights.sizes(), ", ")), expected_);
  if (!at::isFloatingType(weights.scalar_type()))
    refuse("weights()", fmt::format("a tensor of {}", c10::toString(weights.scalar_type())), expected_);
  const std::vector<double> values = numbers_of(weights);
  if (!std::ranges::all_of(values, [](double value) { return std::isfinite(value); }))
    refuse("weights()", fmt::format("[{}]", fmt::join(values, ", ")), "finite numbers");
  check_running(values);
  if (alpha_.defined() && alpha_.requires_grad() && at::GradMode::is_enabled() && !weights.requires_grad())
    refuse("weights()",
           fmt::format("[{}], through which no gradient reaches the architecture parameters",
                       fmt::join(values, ", ")),
           "a differentiable function of them");
  return weights;
}

void CheckedWeighting::check_running(const std::vector<double>& values) const {
  // What a relaxation makes of a hard draw, hard + soft − soft.detach(), is 0 up to rounding.
  constexpr double rounding = 1e-6;
  bool any = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (runs(i))
      any = true;
    else if (std::abs(values[i]) > rounding)
      refuse("weights()", fmt::format("{} for candidate {}, which does not run", values[i], i), "0");
  }
  if (!any) refuse("runs()", "false for every candidate", "true for at least one");
}

void CheckedWeighting::refuse(const char* call, const std::string& found, const std::string& expected) const {
  throw_plugin_mistake(optimizer_, fmt::format("the plugin's {} gave {} at {}", call, found, choice_.name),
                       expected);
}

}  // namespace espalier
