// A slice of channels that takes the deferred gradients of its readers (sums/deferred_gradient.h), and writes
// their sum where it belongs in the gradient of the input.
#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "compile/channel_layers.h"
#include "compile/step.h"
#include "sums/output_gradient.h"
#include "sums/single_backward.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct SliceState final : torch::CustomClassHolder {
  std::size_t begin;
  std::vector<std::int64_t> input;  ///< its sizes
  at::ScalarType dtype;
  std::shared_ptr<DeferredGradient> deferred = std::make_shared<DeferredGradient>();  // of the slice
  SingleBackward once;
};

template <class T>
void slice_backward(const at::Tensor& gradient, const SliceState& state, std::size_t channels,
                    const at::Tensor& result) {
  const OutputGradient<T> of_slice(gradient, *state.deferred, channels);
  const auto all = pixels_of<T>(result);
  PixelChunks(all.pixels, all.channels).for_each([&](std::size_t, std::size_t begin, std::size_t end) {
    T* const to = result.data_ptr<T>() + begin * all.channels;
    std::fill_n(to, (end - begin) * all.channels, T(0));
    of_slice.write(begin, end - begin, to + state.begin, all.channels);
  });
}

struct SliceFunction : torch::autograd::Function<SliceFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, std::int64_t channels,
                            const c10::intrusive_ptr<SliceState>& state) {
    const at::Tensor output = dense_copy(input.narrow(1, static_cast<std::int64_t>(state->begin), channels));
    context->set_materialize_grads(false);
    context->saved_data["channels"] = channels;
    keep_state(context, state);
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto state = begin_backward<SliceState>(context);
    const auto channels = static_cast<std::size_t>(context->saved_data["channels"].toInt());
    const at::Tensor result = at::empty(state->input, state->dtype, at::MemoryFormat::ChannelsLast);
    state->dtype == at::kDouble ? slice_backward<double>(gradients.front(), *state, channels, result)
                                : slice_backward<float>(gradients.front(), *state, channels, result);
    return {result, {}, {}};
  }
};

class SliceStep final : public Step {
 public:
  SliceStep(const Plan& plan, const PlanStep& step)
      : input_(step.inputs.front()),
        output_(step.outputs.front()),
        slice_(*plan.graph.nodes[static_cast<std::size_t>(step.layers.front())].layer.get_if<Slice>()) {}

  void run(Frame& frame) const override {
    const at::Tensor& value = frame.value(input_);
    const auto state = c10::make_intrusive<SliceState>();
    state->begin = static_cast<std::size_t>(slice_.begin);
    state->input = value.sizes().vec();
    state->dtype = value.scalar_type();
    frame.set(output_, Produced{.value = SliceFunction::apply(value, slice_.channels, state),
                                .producer = {.moments = nullptr, .gradient = state->deferred}});
  }

 private:
  int input_;
  int output_;
  Slice slice_;
};

}  // namespace

std::unique_ptr<Step> make_slice_step(const Plan& plan, const PlanStep& step) {
  return std::make_unique<SliceStep>(plan, step);
}

}  // namespace espalier
