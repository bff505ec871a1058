#include "espalier/network/compile/network.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "compile/find_needed.h"
#include "compile/frame.h"
#include "compile/steps.h"
#include "compile/weightings.h"
#include "compile/weights.h"
#include "espalier/errors/errors.h"
#include "memory/recomputation.h"
#include "memory/recompute_decision.h"

namespace espalier {

class Network::Impl {
 public:
  Impl(torch::nn::Module& module, Plan given, Purpose purpose, const CompileOptions& options)
      : plan(std::move(given)),
        weights(register_weights(module, plan.graph, purpose,
                                 at::TensorOptions().device(options.device).dtype(options.dtype))),
        channels_last_(options.channels_last),
        weightings_(plan.graph),
        steps_(make_steps(plan, weights, options)),
        recomputes_(plan, options) {
    initialize_weights(weights, plan.graph, options.seed);
    if (options.recompute == Recompute::always) check_repeatable();
  }

  void check_repeatable() const {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i].module == nullptr || weights[i].module->is_repeatable()) continue;
      const auto* layer = plan.graph.nodes[i].layer.get_if<CustomLayer>();
      throw UsageError(
          {.what = fmt::format("recompute: always cannot compute the {} again", layer->definition->origin()),
           .where = plan.graph.nodes[i].name,
           .expected = "layers whose LayerModule::is_repeatable() is true",
           .remedy = "use recompute: auto, which keeps what such layers need"});
    }
  }

  Outputs forward(const at::Tensor& images, bool training, bool with_auxiliary) {
    const std::optional<int> auxiliary = with_auxiliary ? plan.auxiliary_output : std::nullopt;
    Frame frame;
    frame.images = channels_last_ ? images.contiguous(at::MemoryFormat::ChannelsLast) : images;
    frame.training = training;
    frame.drop_path = drop_path;
    frame.random = random;
    frame.values.resize(plan.graph.nodes.size());
    frame.producers.resize(plan.graph.nodes.size());
    frame.drawn = weightings_.draw(images.options());
    frame.drawn_of = weightings_.drawn_of();
    find_needed(plan, auxiliary, frame);
    if (training && at::GradMode::is_enabled() && recomputes_(images.size(0))) {
      if (!recomputation_) recomputation_.emplace(plan, steps_, weights);
      recomputation_->run(frame);
    } else {
      run_steps(plan, steps_, 0, steps_.size(), frame);
    }
    return {.logits = frame.value(plan.output).flatten(1),
            .auxiliary = auxiliary ? frame.value(*auxiliary).flatten(1) : at::Tensor()};
  }

  Plan plan;
  std::vector<LayerWeights> weights;
  std::optional<double> drop_path;
  at::Generator random = at::detail::createCPUGenerator();

 private:
  bool channels_last_;
  Weightings weightings_;
  Steps steps_;
  RecomputeDecision recomputes_;
  std::optional<Recomputation> recomputation_;
};

Network::Network(Plan plan, Purpose purpose, const CompileOptions& options)
    : torch::nn::Module("Network"), impl_(std::make_unique<Impl>(*this, std::move(plan), purpose, options)) {}

Network::~Network() = default;

at::Tensor Network::forward(const at::Tensor& images) {
  return impl_->forward(images, is_training(), /*with_auxiliary=*/false).logits;
}

Network::Outputs Network::forward_all(const at::Tensor& images) {
  return impl_->forward(images, is_training(), /*with_auxiliary=*/true);
}

void Network::initialize(std::uint64_t seed) { initialize_weights(impl_->weights, impl_->plan.graph, seed); }

void Network::reseed(std::uint64_t seed) { impl_->random.set_current_seed(seed); }

void Network::set_drop_path(double probability) { impl_->drop_path = probability; }

const Plan& Network::plan() const { return impl_->plan; }

}  // namespace espalier
