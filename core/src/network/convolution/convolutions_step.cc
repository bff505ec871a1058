#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "compile/batch_norm.h"
#include "compile/step.h"
#include "convolution/convolution.h"

namespace espalier {
namespace {

/// Runs one convolution over the concatenated filters of the members that are needed, and one batch norm over
/// all their channels. Filters and statistics are concatenated in each pass, which costs little: they are
/// small beside the activations.
class ConvolutionsStep final : public Step {
 public:
  ConvolutionsStep(const LayerGraph& graph, const PlanStep& step, const std::vector<LayerWeights>& weights)
      : step_(step), convolution_(*layer(graph, step.layers.front()).get_if<Conv2d>()), weights_(weights) {}

  void run(Frame& frame) const override {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < step_.outputs.size(); ++i)
      if (frame.needs(step_.outputs[i])) members.push_back(i);

    const at::Tensor filters =
        concatenated(members, step_.layers, [](const LayerWeights& layer) { return layer.weight; });
    at::Tensor output = convolve(convolution_, frame.value(step_.inputs.front()), filters);
    if (!step_.batch_norms.empty()) output = normalize(output, members, frame.training);

    if (members.size() == 1) return frame.set(step_.outputs[members.front()], std::move(output));
    std::vector<at::Tensor> parts =
        output.split(output.size(1) / static_cast<std::int64_t>(members.size()), 1);
    for (std::size_t i = 0; i < members.size(); ++i)
      frame.set(step_.outputs[members[i]], std::move(parts[i]));
  }

 private:
  static const Layer& layer(const LayerGraph& graph, int node) {
    return graph.nodes[static_cast<std::size_t>(node)].layer;
  }

  template <class Part>
  at::Tensor concatenated(const std::vector<std::size_t>& members, const std::vector<int>& layers,
                          Part part) const {
    if (members.size() == 1) return part(weights_of(layers, members.front()));
    std::vector<at::Tensor> parts;
    for (const std::size_t member : members) parts.push_back(part(weights_of(layers, member)));
    return parts.front().defined() ? at::cat(parts) : at::Tensor();
  }

  const LayerWeights& weights_of(const std::vector<int>& layers, std::size_t member) const {
    return weights_[static_cast<std::size_t>(layers[member])];
  }

  at::Tensor normalize(const at::Tensor& input, const std::vector<std::size_t>& members,
                       bool training) const {
    const std::vector<int>& norms = step_.batch_norms;
    LayerWeights all;
    all.weight = concatenated(members, norms, [](const LayerWeights& layer) { return layer.weight; });
    all.bias = concatenated(members, norms, [](const LayerWeights& layer) { return layer.bias; });
    all.running_mean =
        concatenated(members, norms, [](const LayerWeights& layer) { return layer.running_mean; });
    all.running_var =
        concatenated(members, norms, [](const LayerWeights& layer) { return layer.running_var; });
    at::Tensor output = batch_norm(input, all, training);
    if (training && members.size() > 1) scatter_statistics(all, members);
    return output;
  }

  void scatter_statistics(const LayerWeights& all, const std::vector<std::size_t>& members) const {
    const at::NoGradGuard no_grad;
    std::int64_t begin = 0;
    for (const std::size_t member : members) {
      const LayerWeights& own = weights_of(step_.batch_norms, member);
      const std::int64_t channels = own.running_mean.size(0);
      own.running_mean.copy_(all.running_mean.narrow(0, begin, channels));
      own.running_var.copy_(all.running_var.narrow(0, begin, channels));
      begin += channels;
    }
  }

  const PlanStep& step_;
  const Conv2d& convolution_;
  const std::vector<LayerWeights>& weights_;
};

}  // namespace

std::unique_ptr<Step> make_convolutions_step(const Plan& plan, const PlanStep& step,
                                             const std::vector<LayerWeights>& weights) {
  return std::make_unique<ConvolutionsStep>(plan.graph, step, weights);
}

}  // namespace espalier
