#include "espalier/network/compile/network.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "compile/frame.h"
#include "compile/step.h"
#include "compile/weights.h"
#include "espalier/errors/errors.h"
#include "espalier/graph/graph.h"
#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/plan/memory_forecast.h"
#include "memory/free_memory.h"
#include "memory/recomputation.h"
#include "tensors/numbers.h"

namespace espalier {

CompileOptions CompileOptions::reference() {
  CompileOptions options;
  options.passes = PlanOptions::none();
  options.channels_last = false;
  return options;
}

namespace {

/// Whether this project's own kernels can compute the network.
bool has_kernels(const CompileOptions& options) {
  return options.device.is_cpu() && options.channels_last &&
         (options.dtype == at::kFloat || options.dtype == at::kDouble);
}

SumMode sum_mode(const CompileOptions& options) {
  if (!options.passes.fuse) return SumMode::op_by_op;
  return options.passes.fold && has_kernels(options) ? SumMode::kernels : SumMode::fused;
}

}  // namespace

class Network::Impl {
 public:
  Impl(torch::nn::Module& module, Plan given, Purpose purpose, const CompileOptions& options)
      : plan(std::move(given)),
        channels_last(options.channels_last),
        weights(register_weights(module, plan.graph, purpose,
                                 at::TensorOptions().device(options.device).dtype(options.dtype))),
        recompute_(options.device.is_cpu() || options.recompute == Recompute::always ? options.recompute
                                                                                     : Recompute::never),
        bytes_per_number_(static_cast<std::int64_t>(c10::elementSize(options.dtype))) {
    initialize_weights(weights, plan.graph, options.seed);
    find_weightings();
    for (const PlanStep& step : plan.steps) {
      switch (step.kind) {
        case PlanStep::Kind::layer:
          steps.push_back(is_pool(step) && sum_mode(options) == SumMode::kernels
                              ? make_pool_step(plan, step)
                              : make_layer_step(plan, step, weights_of(step)));
          break;
        case PlanStep::Kind::convolutions:
          steps.push_back(make_convolutions_step(plan, step, weights));
          break;
        case PlanStep::Kind::source:
          steps.push_back(make_source_step(plan, step, weights, options.winograd));
          break;
        case PlanStep::Kind::sum:
          steps.push_back(make_sum_step(plan, step, weights, sum_mode(options)));
          break;
      }
    }
  }

  Outputs forward(const at::Tensor& images, bool training, bool with_auxiliary) {
    const std::optional<int> auxiliary = with_auxiliary ? plan.auxiliary_output : std::nullopt;
    Frame frame;
    frame.images = channels_last ? images.contiguous(at::MemoryFormat::ChannelsLast) : images;
    frame.training = training;
    frame.drop_path = drop_path;
    frame.random = random;
    frame.values.resize(plan.graph.nodes.size());
    frame.origins.resize(plan.graph.nodes.size());
    frame.drawn_of = drawn_of;
    for (OpWeighting* weighting : weightings) frame.drawn.push_back(draw(*weighting, images.options()));
    find_needed(frame, auxiliary);
    if (training && at::GradMode::is_enabled() && recomputes(images.size(0))) {
      if (!recomputation_) recomputation_.emplace(plan, steps, weights);
      recomputation_->run(frame);
    } else {
      run_steps(plan, steps, 0, steps.size(), frame);
    }
    return {.logits = frame.value(plan.output).flatten(1),
            .auxiliary = auxiliary ? frame.value(*auxiliary).flatten(1) : at::Tensor()};
  }

  Plan plan;
  bool channels_last;
  std::vector<LayerWeights> weights;
  Steps steps;
  std::vector<OpWeighting*> weightings;  ///< each once; the plan's graph keeps them alive
  std::vector<int> drawn_of;             ///< by node: its entry in `weightings`, or -1
  std::optional<double> drop_path;
  at::Generator random = at::detail::createCPUGenerator();

 private:
  Recompute recompute_;
  std::int64_t bytes_per_number_;
  std::map<std::int64_t, bool> recomputes_;  ///< by the size of a batch
  std::optional<Recomputation> recomputation_;

  void find_weightings() {
    drawn_of.assign(plan.graph.nodes.size(), -1);
    for (std::size_t i = 0; i < plan.graph.nodes.size(); ++i) {
      const LayerGraph::Node& node = plan.graph.nodes[i];
      if (node.layer.get_if<WeightedSum>() == nullptr) continue;
      auto* weighting = dynamic_cast<OpWeighting*>(node.weighting.get());
      if (weighting == nullptr) {
        throw Error(
            {.what = "candidates that nothing relaxes cannot be run",
             .where = node.name,
             .expected = "a Mixed operation with an OpWeighting",
             .remedy = "relax the graph first, as a one-shot optimizer does, or choose an architecture"});
      }
      if (weighting->size() != node.inputs.size()) {
        throw Error({.what = "a weighting of " + std::to_string(weighting->size()) + " weights for " +
                             std::to_string(node.inputs.size()) + " candidates",
                     .where = node.name});
      }
      const auto known = std::find(weightings.begin(), weightings.end(), weighting);
      drawn_of[i] = static_cast<int>(known - weightings.begin());
      if (known == weightings.end()) weightings.push_back(weighting);
    }
  }

  bool is_pool(const PlanStep& step) const {
    const Layer& layer = plan.graph.nodes[static_cast<std::size_t>(step.layers.front())].layer;
    return layer.get_if<MaxPool>() != nullptr || layer.get_if<AvgPool>() != nullptr;
  }
  const LayerWeights& weights_of(const PlanStep& step) const {
    return weights[static_cast<std::size_t>(step.layers.front())];
  }

  static DrawnWeights draw(OpWeighting& weighting, const at::TensorOptions& options) {
    DrawnWeights drawn;
    drawn.weights = weighting.weights().to(options);
    drawn.values = numbers_of(drawn.weights);
    if (const auto selected = weighting.selected()) drawn.selected = static_cast<int>(*selected);
    return drawn;
  }

  /// Decided once for each size of a batch, so that a training does not change its mind.
  bool recomputes(std::int64_t batch) {
    if (recompute_ != Recompute::automatic) return recompute_ == Recompute::always;
    const auto [known, is_new] = recomputes_.try_emplace(batch, false);
    if (is_new) {
      const PlanMemory memory = plan_memory(plan, batch, bytes_per_number_);
      known->second = memory.training + 2 * memory.weights > free_memory();
    }
    return known->second;
  }

  /// From the outputs backwards, past candidates that do not weigh anything.
  void find_needed(Frame& frame, std::optional<int> auxiliary) const {
    frame.needed.assign(plan.graph.nodes.size(), 0);
    const auto need = [&](int value) {
      if (value != LayerGraph::kInput) frame.needed[static_cast<std::size_t>(value)] = 1;
    };
    need(plan.output);
    if (auxiliary) need(*auxiliary);
    for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
      if (!frame.needs_any(step->outputs)) continue;
      if (step->kind != PlanStep::Kind::sum) {
        std::for_each(step->inputs.begin(), step->inputs.end(), need);
        continue;
      }
      for (const PlanStep::Term& term : step->terms) {
        const auto selected =
            term.weighted_sum < 0 ? std::nullopt : frame.weights_of(term.weighted_sum).selected;
        if (!selected || *selected == term.candidate) need(term.value);
      }
    }
  }
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

std::shared_ptr<Network> compile(const Graph& graph, const Shape& input, Purpose purpose,
                                 const CompileOptions& options) {
  PlanOptions passes = options.passes;
  passes.fold = passes.fold && passes.fuse && has_kernels(options);
  passes.gather = passes.gather && has_kernels(options);
  return std::make_shared<Network>(make_plan(flatten(graph, input, purpose), passes), purpose, options);
}

}  // namespace espalier
