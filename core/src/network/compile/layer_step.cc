#include <ATen/ATen.h>

#include <variant>

#include "compile/activation.h"
#include "compile/batch_norm.h"
#include "compile/channel_layers.h"
#include "compile/layer_backward.h"
#include "compile/layer_norm.h"
#include "compile/step.h"
#include "convolution/convolution.h"
#include "espalier/layers/overloaded.h"
#include "layers/layer_call.h"

namespace espalier {
namespace {

/// Zeroes entries of a mask of shape `sizes` at random and scales what stays, so that the mean is kept.
at::Tensor drop(const Frame& frame, const at::Tensor& input, at::IntArrayRef sizes, double probability) {
  if (!frame.training || probability <= 0.0) return input;
  const double keep = 1.0 - probability;
  const at::Tensor mask = at::empty(sizes, at::kFloat).bernoulli_(keep, frame.random).div_(keep);
  return input * mask.to(input.options());
}

/// In the memory format of the images, so that no layer that reads it has to convert it.
at::Tensor zeros(const Frame& frame, const Shape& shape) {
  return at::empty({frame.images.size(0), shape.channels, shape.height, shape.width}, frame.images.options(),
                   frame.images.suggest_memory_format())
      .zero_();
}

/// Copies the channels, so that the rest of the input can be released. Padding by negative numbers is used
/// because its gradient stays in the memory format of the input, unlike that of narrow().
at::Tensor sliced(const at::Tensor& input, const Slice& slice) {
  const std::int64_t begin = slice.begin;
  return at::constant_pad_nd(input, {0, 0, 0, 0, -begin, begin + slice.channels - input.size(1)});
}

at::Tensor product(const std::vector<at::Tensor>& factors) {
  at::Tensor result = factors.front();
  for (std::size_t i = 1; i < factors.size(); ++i) result = result * factors[i];
  return result;
}

class LayerStep final : public Step {
 public:
  LayerStep(const LayerGraph::Node& node, const PlanStep& step, const LayerWeights& weights)
      : node_(node), step_(step), weights_(weights) {}

  void run(Frame& frame) const override { frame.set(step_.outputs.front(), compute(frame)); }

 private:
  std::vector<at::Tensor> inputs(const Frame& frame) const {
    std::vector<at::Tensor> tensors;
    for (const int value : step_.inputs) tensors.push_back(frame.value(value));
    return tensors;
  }

  at::Tensor compute(const Frame& frame) const {
    const auto input = [&]() -> const at::Tensor& { return frame.value(step_.inputs.front()); };
    return std::visit(
        Overloaded{
            [&](const Identity&) { return input(); },
            [&](const Zero&) { return zeros(frame, node_.shape); },
            [&](const ReLU&) { return at::relu(input()); },
            [&](const Activation& layer) { return activate(layer.function, input()); },
            [&](const Conv2d& conv) { return convolve(conv, input(), weights_.weight, weights_.bias); },
            [&](const BatchNorm&) { return batch_norm(input(), weights_, frame.training); },
            [&](const LayerNorm&) { return layer_norm(input(), weights_); },
            [&](const MaxPool& pool) {
              return at::max_pool2d(input(), pool.kernel, pool.stride, pool.padding);
            },
            [&](const AvgPool& pool) {
              return at::avg_pool2d(input(), pool.kernel, pool.stride, pool.padding, /*ceil_mode=*/false,
                                    /*count_include_pad=*/false);
            },
            [&](const GlobalAvgPool&) {
              return input().mean(at::IntArrayRef{2, 3}, /*keepdim=*/true);
            },
            [&](const Linear&) {
              return at::linear(input().flatten(1), weights_.weight, weights_.bias).unsqueeze(2).unsqueeze(3);
            },
            [&](const Concat&) { return concat_channels(inputs(frame)); },
            [&](const Slice& slice) { return sliced(input(), slice); },
            [&](const ChannelShuffle& shuffle) { return shuffle_channels(input(), shuffle.groups); },
            [&](const Multiply&) { return product(inputs(frame)); },
            [&](const Dropout& dropout) {
              return drop(frame, input(), input().sizes(), dropout.probability);
            },
            [&](const DropPath& path) {
              return drop(frame, input(), {input().size(0), 1, 1, 1},
                          frame.drop_path.value_or(path.probability));
            },
            [&](const Shift& shift) {
              const std::int64_t by = shift.pixels;
              return at::constant_pad_nd(input(), {-by, by, -by, by});
            },
            [&](const CustomLayer& layer) {
              const std::vector<at::Tensor> entering = inputs(frame);
              at::Tensor leaving = call_layer(*layer.definition, "forward()",
                                              [&] { return weights_.module->forward(entering); });
              watch_backward(layer.definition, entering, leaving);
              return leaving;
            },
            [&](const auto&) -> at::Tensor { return {}; },  // sums are steps of their own
        },
        node_.layer.value());
  }

  const LayerGraph::Node& node_;
  const PlanStep& step_;
  const LayerWeights& weights_;
};

}  // namespace

std::unique_ptr<Step> make_layer_step(const Plan& plan, const PlanStep& step, const LayerWeights& weights) {
  return std::make_unique<LayerStep>(plan.graph.nodes[static_cast<std::size_t>(step.layers.front())], step,
                                     weights);
}

}  // namespace espalier
