#include "espalier/network/one_shot/one_shot_optimizer.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <optional>

#include "compile/layer_backward.h"
#include "compile/network_state.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/random/random.h"
#include "espalier/space/most_probable.h"
#include "one_shot/checked_weighting.h"
#include "tensors/numbers.h"
#include "tensors/tensor_json.h"
#include "training/clip_gradients.h"
#include "training/gradient_descent.h"
#include "training/loss.h"

namespace espalier {
namespace {

at::Tensor initial_alpha(std::size_t candidates, std::uint64_t seed, std::size_t choice,
                         at::ScalarType dtype) {
  Rng rng(seed, "alpha", choice);
  at::Tensor alpha = at::empty({static_cast<std::int64_t>(candidates)}, at::kFloat);
  for (std::int64_t i = 0; i < alpha.numel(); ++i)
    alpha.data_ptr<float>()[i] = static_cast<float>(1e-3 * rng.normal());
  return alpha.to(dtype).requires_grad_();
}

}  // namespace

class OneShotOptimizer::Impl {
 public:
  explicit Impl(const Config& config)
      : adam_options{.learning_rate = config.number(
                         "architecture_learning_rate", 3e-4,
                         "the learning rate of Adam, which moves the architecture parameters", at_least(0)),
                     .beta1 = 0.5,
                     .beta2 = 0.999,
                     .weight_decay = config.number(
                         "architecture_weight_decay", 1e-3,
                         "how much of each architecture parameter Adam adds to its gradient", at_least(0))} {}

  void check_compiled() const {
    if (!network)
      throw Error(
          {.what = "the one-shot optimizer has no network yet", .remedy = "call compile_supernet() first"});
  }

  Adam::Options adam_options;
  WeightTraining training;
  std::vector<at::Tensor> alphas;
  std::shared_ptr<Network> network;
  std::optional<Sgd> sgd;
  std::optional<Adam> adam;
  double learning_rate = 0.0;
  std::uint64_t passes = 0;
};

OneShotOptimizer::OneShotOptimizer(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
OneShotOptimizer::~OneShotOptimizer() = default;

void OneShotOptimizer::compile_supernet(const CompileOptions& compile_options,
                                        const WeightTraining& training) {
  if (!adapted())
    throw Error({.what = "the one-shot optimizer has no search space to compile a supernet of",
                 .remedy = "call adapt() first"});
  impl_->training = training;
  impl_->alphas.clear();
  const std::vector<Choice>& choices = space().choices();
  for (std::size_t i = 0; i < choices.size(); ++i)
    impl_->alphas.push_back(initial_alpha(choices[i].candidates.size(), seed(), i, compile_options.dtype));
  const Graph supernet = space().relax([&](std::size_t choice) {
    const at::Tensor& alpha = impl_->alphas[choice];
    return std::make_shared<CheckedWeighting>(
        *this, choices[choice].name, alpha,
        call_plugin(*this, "relax()", [&] { return relax_impl(alpha, choice); }));
  });
  CompileOptions options = compile_options;
  options.seed = seed();
  impl_->network = compile(supernet, space().input_shape(), Purpose::search, options);
  impl_->sgd.emplace(impl_->network->parameters(), training.sgd.momentum, training.sgd.weight_decay);
  impl_->adam.emplace(impl_->alphas, impl_->adam_options);
}

void OneShotOptimizer::begin_epoch(int epoch) {
  impl_->check_compiled();
  const SgdOptions& sgd = impl_->training.sgd;
  impl_->learning_rate = sgd.learning_rate_in(epoch);
  call_plugin(*this, "begin_epoch()", [&] { begin_epoch_impl(epoch, sgd.epochs); });
}

StepResult OneShotOptimizer::step(const Batch& train, const Batch& validation) {
  impl_->check_compiled();
  impl_->network->train();
  StepResult result;

  set_trainable(/*weights=*/false, /*architecture=*/true);
  clear_gradients();
  result.validation = call_plugin(*this, "architecture_gradient()",
                                  [&] { return architecture_gradient_impl(train, validation); });
  impl_->adam->step();

  set_trainable(/*weights=*/true, /*architecture=*/false);
  clear_gradients();
  result.train = backward(train);
  clip_gradients(weights(), impl_->training.sgd.clip);
  impl_->sgd->step(impl_->learning_rate);
  clear_gradients();
  return result;
}

BatchResult OneShotOptimizer::architecture_gradient_impl(const Batch&, const Batch& validation) {
  return backward(validation);
}

BatchResult OneShotOptimizer::backward(const Batch& batch) {
  BatchResult result;
  const std::int64_t count = batch.labels.size(0);
  const std::int64_t part = (count + impl_->training.accumulation - 1) / impl_->training.accumulation;
  for (std::int64_t begin = 0; begin < count; begin += part) {
    const std::int64_t length = std::min(part, count - begin);
    const at::Tensor labels = batch.labels.narrow(0, begin, length);
    impl_->network->reseed(Rng(seed(), "dropout", ++impl_->passes)());
    const at::Tensor logits = impl_->network->forward(batch.images.narrow(0, begin, length));
    const BatchLoss part_loss = cross_entropy(logits, labels, count);
    result.loss += part_loss.result.loss;
    result.correct += part_loss.result.correct;
    // When only zeros were drawn, the loss depends on no architecture parameter.
    if (part_loss.loss.requires_grad()) run_backward(part_loss.loss);
  }
  return result;
}

void OneShotOptimizer::set_trainable(bool weights_trainable, bool architecture_trainable) {
  for (const at::Tensor& weight : weights()) weight.requires_grad_(weights_trainable);
  for (const at::Tensor& alpha : impl_->alphas) alpha.requires_grad_(architecture_trainable);
}

void OneShotOptimizer::clear_gradients() {
  for (const at::Tensor& weight : weights()) weight.mutable_grad().reset();
  for (const at::Tensor& alpha : impl_->alphas) alpha.mutable_grad().reset();
}

const std::vector<at::Tensor>& OneShotOptimizer::weights() const { return impl_->sgd->parameters(); }
std::vector<at::Tensor> OneShotOptimizer::weight_steps() const { return impl_->sgd->directions(); }
double OneShotOptimizer::learning_rate() const { return impl_->learning_rate; }
std::uint64_t OneShotOptimizer::passes() const { return impl_->passes; }

Network& OneShotOptimizer::network() {
  impl_->check_compiled();
  return *impl_->network;
}

const std::vector<at::Tensor>& OneShotOptimizer::alphas() const {
  impl_->check_compiled();
  return impl_->alphas;
}

std::vector<std::vector<double>> OneShotOptimizer::strengths() const {
  std::vector<std::vector<double>> all;
  for (const at::Tensor& alpha : alphas())
    all.push_back(numbers_of(at::softmax(alpha.detach().to(at::kDouble), 0)));
  return all;
}

Architecture OneShotOptimizer::final_architecture_impl() const {
  return most_probable(space(), strengths(),
                       [&](const Architecture& architecture) { return allowed(architecture); });
}

void OneShotOptimizer::save_base(nlohmann::json& state) const {
  impl_->check_compiled();
  nlohmann::json& alphas = state["alphas"] = nlohmann::json::array();
  for (const at::Tensor& alpha : impl_->alphas) alphas.push_back(to_json(alpha));
  state["adam"] = impl_->adam->save();
  state["network"] = save_network(*impl_->network);
  state["velocities"] = save_velocities(*impl_->network, *impl_->sgd);
  state["passes"] = impl_->passes;
}

void OneShotOptimizer::load_base(const nlohmann::json& state) {
  impl_->check_compiled();
  for (std::size_t i = 0; i < impl_->alphas.size(); ++i)
    copy_from_json(state.at("alphas").at(i), impl_->alphas[i]);
  impl_->adam->load(state.at("adam"));
  load_network(state.at("network"), *impl_->network);
  load_velocities(state.at("velocities"), *impl_->network, *impl_->sgd);
  impl_->passes = state.at("passes").get<std::uint64_t>();
}

}  // namespace espalier
