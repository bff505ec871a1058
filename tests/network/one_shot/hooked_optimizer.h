#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "espalier/config/config.h"
#include "espalier/errors/errors.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "network/small_networks.h"

namespace espalier::testing {

/// A weighting that a test gives as two functions.
struct FunctionWeighting final : OpWeighting {
  using Weights = std::function<at::Tensor()>;
  using Runs = std::function<bool(std::size_t candidate)>;

  FunctionWeighting(std::size_t candidates, Weights weights_of, Runs runs_of = {})
      : count(candidates), weigh(std::move(weights_of)), run(std::move(runs_of)) {}
  std::size_t size() const override { return count; }
  bool runs(std::size_t candidate) const override { return !run || run(candidate); }
  at::Tensor weights() override { return weigh(); }

  std::size_t count;
  Weights weigh;
  Runs run;
};

/// A one-shot optimizer whose hooks a test sets; one that is not set does what the base class does. It weighs
/// candidates by the softmax of the architecture parameters, or equally where it has none.
class HookedOptimizer final : public OneShotOptimizer {
 public:
  struct WithoutAlphas {};

  HookedOptimizer() : OneShotOptimizer(Config(ConfigValue::map(), "optimizer")) { be_named(); }
  explicit HookedOptimizer(WithoutAlphas) { be_named(); }

  /// Prepares a search.
  HookedOptimizer& begin(const SearchSpace& space, const WeightTraining& training = {},
                         const CompileOptions& compile = in_double(), std::uint64_t seed = 3) {
    adapt({.space = space, .seed = seed});
    compile_supernet(compile, training);
    return *this;
  }

  std::function<void(at::ScalarType)> on_begin_search;
  std::function<std::shared_ptr<OpWeighting>(const at::Tensor& alpha, std::size_t choice)> on_relax;
  std::function<void(Graph&)> on_change_supernet;
  std::function<void(int epoch)> on_begin_epoch;
  std::function<bool(int epoch)> on_learns_architecture;
  std::function<StepResult(const Batch& train, const Batch& validation)> on_step;
  std::function<BatchResult(const Batch& train, const Batch& validation)> on_architecture_gradient;
  std::function<at::Tensor(const at::Tensor& logits, const at::Tensor& labels)> on_output_loss;
  std::function<at::Tensor()> on_architecture_loss;
  std::function<bool(int epoch, SearchImages&)> on_end_epoch;
  std::function<bool(SearchImages&)> on_finish;
  std::function<std::map<std::string, double>()> on_figures;
  std::function<bool()> on_has_found;
  std::function<Architecture()> on_final_architecture;
  std::function<void(nlohmann::json&)> on_save;
  std::function<void(const nlohmann::json&)> on_load;

  using OneShotOptimizer::add_parameters;
  using OneShotOptimizer::architecture_options;
  using OneShotOptimizer::architecture_step;
  using OneShotOptimizer::backward;
  using OneShotOptimizer::end_search;
  using OneShotOptimizer::evaluate;
  using OneShotOptimizer::learning_rate;
  using OneShotOptimizer::move_parameters;
  using OneShotOptimizer::passes;
  using OneShotOptimizer::steps;
  using OneShotOptimizer::weight_step;
  using OneShotOptimizer::weights;

 protected:
  void begin_search_impl(at::ScalarType dtype) override {
    if (on_begin_search) on_begin_search(dtype);
  }
  std::shared_ptr<OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t choice) override {
    if (on_relax) return on_relax(alpha, choice);
    const std::size_t count = space().choices()[choice].candidates.size();
    return std::make_shared<FunctionWeighting>(count, [=] {
      if (alpha.defined()) return at::softmax(alpha, 0);
      return at::full({static_cast<std::int64_t>(count)}, 1.0 / static_cast<double>(count), at::kDouble);
    });
  }
  void change_supernet_impl(Graph& supernet) override {
    if (on_change_supernet) on_change_supernet(supernet);
  }
  void begin_epoch_impl(int epoch, int) override {
    if (on_begin_epoch) on_begin_epoch(epoch);
  }
  bool learns_architecture_impl(int epoch) const override {
    return on_learns_architecture ? on_learns_architecture(epoch)
                                  : OneShotOptimizer::learns_architecture_impl(epoch);
  }
  StepResult step_impl(const Batch& train, const Batch& validation) override {
    return on_step ? on_step(train, validation) : OneShotOptimizer::step_impl(train, validation);
  }
  BatchResult architecture_gradient_impl(const Batch& train, const Batch& validation) override {
    return on_architecture_gradient ? on_architecture_gradient(train, validation)
                                    : OneShotOptimizer::architecture_gradient_impl(train, validation);
  }
  at::Tensor output_loss_impl(const at::Tensor& logits, const at::Tensor& labels) override {
    return on_output_loss ? on_output_loss(logits, labels) : at::Tensor();
  }
  at::Tensor architecture_loss_impl() override {
    return on_architecture_loss ? on_architecture_loss() : at::Tensor();
  }
  bool end_epoch_impl(int epoch, SearchImages& images) override {
    return on_end_epoch && on_end_epoch(epoch, images);
  }
  bool finish_impl(SearchImages& images) override { return on_finish && on_finish(images); }
  std::map<std::string, double> figures_impl() const override {
    return on_figures ? on_figures() : std::map<std::string, double>();
  }
  bool has_found_impl() const override { return !on_has_found || on_has_found(); }
  Architecture final_architecture_impl() const override {
    return on_final_architecture ? on_final_architecture() : OneShotOptimizer::final_architecture_impl();
  }
  void save_impl(nlohmann::json& state) const override {
    if (on_save) on_save(state);
  }
  void load_impl(const nlohmann::json& state) override {
    if (on_load) on_load(state);
  }

 private:
  void be_named() {
    set_name("hooked");
    set_origin("optimizer 'hooked' (hooked.so)");
  }
};

/// What a mistake of the optimizer was refused with; the error must name it.
inline ErrorDetails refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.details().where, "optimizer 'hooked' (hooked.so)");
    return error.details();
  }
  ADD_FAILURE() << "it was not refused";
  return {.what = {}};
}

}  // namespace espalier::testing
