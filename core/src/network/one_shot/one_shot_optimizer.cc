#include "espalier/network/one_shot/one_shot_optimizer.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compile/network_state.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/random/random.h"
#include "espalier/space/most_probable.h"
#include "one_shot/checked_weighting.h"
#include "one_shot/one_shot_impl.h"
#include "one_shot/supernet_graph.h"
#include "tensors/numbers.h"

namespace espalier {
namespace {

constexpr const char* kAlphas = "alphas";

at::Tensor initial_alpha(std::size_t candidates, std::uint64_t seed, std::size_t choice,
                         at::ScalarType dtype) {
  Rng rng(seed, "alpha", choice);
  at::Tensor alpha = at::empty({static_cast<std::int64_t>(candidates)}, at::kFloat);
  for (std::int64_t i = 0; i < alpha.numel(); ++i)
    alpha.data_ptr<float>()[i] = static_cast<float>(1e-3 * rng.normal());
  return alpha.to(dtype);
}

ParameterOptions adam_of(const Config& config) {
  ParameterOptions options;
  options.learning_rate =
      config.number("architecture_learning_rate", options.learning_rate,
                    "the learning rate of Adam, which moves the architecture parameters", at_least(0));
  options.weight_decay =
      config.number("architecture_weight_decay", 1e-3,
                    "how much of each architecture parameter Adam adds to its gradient", at_least(0));
  return options;
}

}  // namespace

OneShotOptimizer::OneShotOptimizer(const Config& config) : impl_(std::make_unique<Impl>(adam_of(config))) {}
OneShotOptimizer::OneShotOptimizer() : impl_(std::make_unique<Impl>(std::nullopt)) {}
OneShotOptimizer::~OneShotOptimizer() = default;

Graph OneShotOptimizer::begin_search(at::ScalarType dtype) {
  if (!adapted())
    throw Error({.what = "the one-shot optimizer has no search space to make a supernet of",
                 .remedy = "call adapt() first"});
  const std::vector<Choice>& choices = space().choices();
  impl_->alphas.clear();
  impl_->groups.clear();
  if (impl_->alpha_options) {
    for (std::size_t i = 0; i < choices.size(); ++i)
      impl_->alphas.push_back(initial_alpha(choices[i].candidates.size(), seed(), i, dtype));
    impl_->groups.emplace_back(kAlphas, impl_->alphas, *impl_->alpha_options);
  }
  call_plugin(*this, "begin_search()", [&] { begin_search_impl(dtype); });
  set_trainable(/*weights=*/true, /*architecture=*/true);
  return make_supernet(
      *this, space(),
      [&](std::size_t choice) {
        const at::Tensor alpha = impl_->alphas.empty() ? at::Tensor() : impl_->alphas[choice];
        return std::make_shared<CheckedWeighting>(
            *this, choices[choice], alpha,
            call_plugin(*this, "relax()", [&] { return relax_impl(alpha, choice); }));
      },
      [&](Graph& supernet) { change_supernet_impl(supernet); });
}

Graph OneShotOptimizer::supernet() { return begin_search(at::kFloat); }

void OneShotOptimizer::compile_supernet(const CompileOptions& compile_options,
                                        const WeightTraining& training) {
  impl_->training = training;
  const Graph supernet = begin_search(compile_options.dtype);
  CompileOptions options = compile_options;
  options.seed = seed();
  impl_->network = compile(supernet, space().input_shape(), Purpose::search, options);
  impl_->sgd.emplace(impl_->network->parameters(), training.sgd.momentum, training.sgd.weight_decay);
}

void OneShotOptimizer::begin_epoch(int epoch) {
  impl_->check_compiled();
  call_plugin(*this, "begin_epoch()", [&] {
    impl_->set_learning_rates(epoch);
    begin_epoch_impl(epoch, impl_->training.sgd.epochs);
    impl_->learns_architecture = learns_architecture_impl(epoch);
  });
}

bool OneShotOptimizer::uses_validation() const { return impl_->learns_architecture; }

bool OneShotOptimizer::learns_architecture_impl(int) const {
  return impl_->has_moved(ParameterOptions::Moved::with_architecture);
}

bool OneShotOptimizer::end_epoch(SearchImages& images) {
  impl_->check_compiled();
  impl_->network->train();
  return call_plugin(*this, "end_epoch()", [&] { return end_epoch_impl(impl_->epoch, images); });
}

bool OneShotOptimizer::has_ended() const { return impl_->ended; }
void OneShotOptimizer::end_search() { impl_->ended = true; }

bool OneShotOptimizer::finish(SearchImages& images) {
  impl_->check_compiled();
  impl_->network->train();
  return call_plugin(*this, "finish()", [&] { return finish_impl(images); });
}

Architecture OneShotOptimizer::draw_allowed(const std::function<Architecture()>& draw) const {
  constexpr int kDraws = 10'000;
  for (int i = 0; i < kDraws; ++i)
    if (Architecture drawn = draw(); allowed(drawn)) return drawn;
  throw Error({.what = fmt::format("the constraints refused {} architectures in a row that the optimizer "
                                   "\"{}\" drew",
                                   kDraws, name()),
               .remedy = "loosen the constraints: perhaps no architecture of the space keeps all of them"});
}

void OneShotOptimizer::add_parameters(const std::string& name, std::vector<at::Tensor> parameters,
                                      const ParameterOptions& options) {
  const bool taken = std::ranges::find(impl_->groups, name, &ParameterGroup::name) != impl_->groups.end();
  if (taken || name == kAlphas)
    throw Error({.what = "there is a group of parameters \"" + name + "\" already",
                 .expected = "a name of its own for each group, and not \"alphas\""});
  impl_->groups.emplace_back(name, std::move(parameters), options);
}

const ParameterOptions& OneShotOptimizer::architecture_options() const {
  if (!impl_->alpha_options)
    throw Error({.what = "the one-shot optimizer has no architecture parameters",
                 .remedy = "call the constructor that takes a Config"});
  return *impl_->alpha_options;
}

Network& OneShotOptimizer::network() {
  impl_->check_compiled();
  return *impl_->network;
}

const std::vector<at::Tensor>& OneShotOptimizer::alphas() const { return impl_->alphas; }

std::vector<std::vector<double>> OneShotOptimizer::strengths() const {
  impl_->check_compiled();
  return call_plugin(*this, "strengths()", [&] { return strengths_impl(); });
}

std::vector<std::vector<double>> OneShotOptimizer::strengths_impl() const {
  std::vector<std::vector<double>> all;
  for (const at::Tensor& alpha : alphas())
    all.push_back(numbers_of(at::softmax(alpha.detach().to(at::kDouble), 0)));
  return all;
}

std::map<std::string, double> OneShotOptimizer::figures() const {
  impl_->check_compiled();
  return call_plugin(*this, "figures()", [&] { return figures_impl(); });
}

bool OneShotOptimizer::has_found() const {
  impl_->check_compiled();
  return call_plugin(*this, "has_found()", [&] { return has_found_impl(); });
}

Architecture OneShotOptimizer::final_architecture_impl() const {
  impl_->check_compiled();
  if (!has_found_impl())
    throw Error({.what = "the optimizer \"" + name() + "\" has found no architecture yet",
                 .remedy = "call finish() after the last epoch until it returns false"});
  return most_probable(space(), strengths_impl(),
                       [&](const Architecture& architecture) { return allowed(architecture); });
}

void OneShotOptimizer::save_base(nlohmann::json& state) const {
  impl_->check_compiled();
  nlohmann::json& groups = state["parameters"] = nlohmann::json::object();
  for (const ParameterGroup& group : impl_->groups) groups[group.name()] = group.save();
  state["network"] = save_network(*impl_->network);
  state["velocities"] = save_velocities(*impl_->network, *impl_->sgd);
  state["passes"] = impl_->passes;
  state["steps"] = impl_->steps;
  state["epoch"] = impl_->epoch;
  state["ended"] = impl_->ended;
}

void OneShotOptimizer::load_base(const nlohmann::json& state) {
  impl_->check_compiled();
  for (ParameterGroup& group : impl_->groups) group.load(state.at("parameters").at(group.name()));
  load_network(state.at("network"), *impl_->network);
  load_velocities(state.at("velocities"), *impl_->network, *impl_->sgd);
  impl_->passes = state.at("passes").get<std::uint64_t>();
  impl_->steps = state.at("steps").get<std::uint64_t>();
  impl_->ended = state.at("ended").get<bool>();
  // No epoch begins before finish() goes on.
  impl_->set_learning_rates(state.at("epoch").get<int>());
}

}  // namespace espalier
