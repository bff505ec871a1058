#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compile/layer_backward.h"
#include "espalier/errors/errors.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/random/random.h"
#include "one_shot/one_shot_impl.h"
#include "training/clip_gradients.h"
#include "training/loss.h"

namespace espalier {
namespace {

using Moved = ParameterOptions::Moved;

/// A loss that a plugin adds, as a scalar. `differentiable`: whether a gradient must flow through it.
at::Tensor checked(const Plugin& optimizer, const char* call, const at::Tensor& loss, bool differentiable) {
  const auto mistake = [&](const std::string& gave) {
    throw_plugin_mistake(optimizer, fmt::format("the plugin's {} gave {}", call, gave),
                         "a finite scalar, and a differentiable function of its arguments or parameters");
  };
  if (loss.numel() != 1) mistake(fmt::format("a tensor of sizes [{}]", fmt::join(loss.sizes(), ", ")));
  const at::Tensor scalar = loss.reshape({});
  const auto value = scalar.item<double>();
  if (!std::isfinite(value)) mistake(fmt::format("{}", value));
  if (differentiable && !scalar.requires_grad()) mistake(fmt::format("{}, which has no gradient", value));
  return scalar;
}

/// Calls `pass` with each of the parts that a batch is divided into.
template <class Pass>
void in_parts(const Batch& batch, int parts, Pass&& pass) {
  const std::int64_t count = batch.labels.size(0);
  const std::int64_t part = (count + parts - 1) / parts;
  for (std::int64_t begin = 0; begin < count; begin += part) {
    const std::int64_t length = std::min(part, count - begin);
    pass(Batch{.images = batch.images.narrow(0, begin, length),
               .labels = batch.labels.narrow(0, begin, length)});
  }
}

}  // namespace

void OneShotOptimizer::Impl::check_compiled() const {
  if (!network)
    throw Error(
        {.what = "the one-shot optimizer has no network yet", .remedy = "call compile_supernet() first"});
}

bool OneShotOptimizer::Impl::has_moved(Moved moved) const {
  return std::ranges::any_of(groups, [&](const ParameterGroup& group) { return group.moved() == moved; });
}

void OneShotOptimizer::Impl::set_learning_rates(int of_epoch) {
  epoch = of_epoch;
  learning_rate = training.sgd.learning_rate_in(epoch);
  for (ParameterGroup& group : groups) group.begin_epoch(epoch, training.sgd.epochs);
}

void OneShotOptimizer::Impl::move(Moved moved, const Plugin& optimizer) {
  for (ParameterGroup& group : groups) {
    if (group.moved() != moved) continue;
    // When only zeros were drawn, the loss depends on nothing that could learn.
    if (reached && !group.has_gradient())
      throw_plugin_mistake(
          optimizer, fmt::format("no gradient reached the plugin's group of parameters \"{}\"", group.name()),
          "a loss that is a differentiable function of them");
    group.step();
  }
}

StepResult OneShotOptimizer::step(const Batch& train, const Batch& validation) {
  impl_->check_compiled();
  impl_->network->train();
  const StepResult result = call_plugin(*this, "step()", [&] { return step_impl(train, validation); });
  clear_gradients();
  ++impl_->steps;
  return result;
}

StepResult OneShotOptimizer::step_impl(const Batch& train, const Batch& validation) {
  StepResult result;
  if (impl_->learns_architecture) result.validation = architecture_step(train, validation);
  result.train = weight_step(train);
  return result;
}

BatchResult OneShotOptimizer::architecture_step(const Batch& train, const Batch& validation) {
  set_trainable(/*weights=*/false, /*architecture=*/true);
  clear_gradients();
  impl_->reached = true;
  const BatchResult result = architecture_gradient_impl(train, validation);
  if (const at::Tensor loss = architecture_loss_impl(); loss.defined())
    checked(*this, "architecture_loss()", loss, /*differentiable=*/true).backward();
  impl_->move(Moved::with_architecture, *this);
  return result;
}

BatchResult OneShotOptimizer::weight_step(const Batch& train) {
  set_trainable(/*weights=*/true, /*architecture=*/false);
  clear_gradients();
  const BatchResult result = backward(train);
  clip_gradients(weights(), impl_->training.sgd.clip);
  impl_->sgd->step(impl_->learning_rate);
  impl_->move(Moved::with_weights, *this);
  return result;
}

void OneShotOptimizer::move_parameters(const std::string& name) {
  const auto group = std::ranges::find(impl_->groups, name, &ParameterGroup::name);
  if (group == impl_->groups.end())
    throw Error({.what = "there is no group of parameters \"" + name + "\"",
                 .remedy = "call add_parameters() in begin_search_impl()"});
  if (!group->has_gradient())
    throw_plugin_mistake(*this,
                         fmt::format("no gradient reached the plugin's group of parameters \"{}\"", name),
                         "a call of backward() on a function of them before move_parameters()");
  group->step();
  group->clear_gradients();
}

BatchResult OneShotOptimizer::architecture_gradient_impl(const Batch&, const Batch& validation) {
  return backward(validation);
}

at::Tensor OneShotOptimizer::output_loss_impl(const at::Tensor&, const at::Tensor&) { return {}; }
at::Tensor OneShotOptimizer::architecture_loss_impl() { return {}; }

at::Tensor OneShotOptimizer::logits(const at::Tensor& images) {
  impl_->network->reseed(Rng(seed(), "dropout", ++impl_->passes)());
  return impl_->network->forward(images);
}

BatchResult OneShotOptimizer::backward(const Batch& batch) {
  BatchResult result;
  impl_->reached = false;
  const std::int64_t count = batch.labels.size(0);
  in_parts(batch, impl_->training.accumulation, [&](const Batch& part) {
    const at::Tensor outputs = logits(part.images);
    const BatchLoss part_loss = cross_entropy(outputs, part.labels, count);
    result += part_loss.result;
    at::Tensor loss = part_loss.loss;
    if (const at::Tensor added = output_loss_impl(outputs, part.labels); added.defined())
      loss = loss + checked(*this, "output_loss()", added, outputs.requires_grad()) *
                        (static_cast<double>(part.labels.size(0)) / static_cast<double>(count));
    if (!loss.requires_grad()) return;
    impl_->reached = true;
    run_backward(loss);
  });
  return result;
}

BatchResult OneShotOptimizer::evaluate(const Batch& batch) {
  const at::NoGradGuard no_grad;
  BatchResult result;
  in_parts(batch, impl_->training.accumulation, [&](const Batch& part) {
    result += cross_entropy(logits(part.images), part.labels, batch.labels.size(0)).result;
  });
  return result;
}

void OneShotOptimizer::set_trainable(bool weights_trainable, bool architecture_trainable) {
  if (impl_->sgd)
    for (const at::Tensor& weight : weights()) weight.requires_grad_(weights_trainable);
  for (ParameterGroup& group : impl_->groups) {
    if (group.moved() == Moved::with_weights) group.set_trainable(weights_trainable);
    if (group.moved() == Moved::with_architecture) group.set_trainable(architecture_trainable);
  }
}

void OneShotOptimizer::clear_gradients() {
  for (const at::Tensor& weight : weights()) weight.mutable_grad().reset();
  for (ParameterGroup& group : impl_->groups) group.clear_gradients();
}

const std::vector<at::Tensor>& OneShotOptimizer::weights() const { return impl_->sgd->parameters(); }
std::vector<at::Tensor> OneShotOptimizer::weight_steps() const { return impl_->sgd->directions(); }
double OneShotOptimizer::learning_rate() const { return impl_->learning_rate; }
std::uint64_t OneShotOptimizer::passes() const { return impl_->passes; }
std::uint64_t OneShotOptimizer::steps() const { return impl_->steps; }

}  // namespace espalier
