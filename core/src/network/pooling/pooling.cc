#include "pooling/pooling.h"

#include <ATen/ATen.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "kernels/pool.h"
#include "sums/output_gradient.h"
#include "sums/single_backward.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct PoolState final : torch::CustomClassHolder {
  bool max;
  bool takes_moments;
  bool is_double;
  kernels::PoolShape shape;
  std::size_t images;
  Producer producer;                           // of the output
  std::shared_ptr<DeferredGradient> deferred;  // of the value
  SingleBackward once;

  std::size_t input_numbers() const { return shape.image.pixels() * shape.image.channels; }
  std::size_t output_numbers() const { return shape.output().pixels() * shape.image.channels; }
};

template <class T>
void forward_in(const at::Tensor& value, const at::Tensor& output, PoolState& state) {
  const std::size_t channels = state.shape.image.channels;
  MomentsOfParts moments(state.takes_moments ? state.images : 0, channels);
  const std::size_t pixels = state.shape.output().pixels();
  for_each_index(state.images, [&](std::size_t i) {
    const T* from = value.data_ptr<T>() + i * state.input_numbers();
    T* to = output.data_ptr<T>() + i * state.output_numbers();
    if (state.max)
      kernels::max_pool(from, state.shape, to);
    else
      kernels::avg_pool(from, state.shape, to);
    if (state.takes_moments) moments.take<T>(i, {to, pixels, channels, channels});
  });
  if (state.takes_moments)
    state.producer.moments = std::make_shared<const Moments>(moments.merge(pixels, state.images * pixels));
}

template <class T>
at::Tensor backward_in(const at::Tensor& value, const at::Tensor& gradient, const PoolState& state) {
  const std::size_t channels = state.shape.image.channels;
  const std::size_t pixels = state.shape.output().pixels();
  const OutputGradient<T> of_output(gradient, *state.producer.gradient, channels);
  at::Tensor result = at::empty({static_cast<std::int64_t>(state.images), static_cast<std::int64_t>(channels),
                                 static_cast<std::int64_t>(state.shape.image.height),
                                 static_cast<std::int64_t>(state.shape.image.width)},
                                at::CppTypeToScalarType<T>::value, at::MemoryFormat::ChannelsLast);
  for_each_index(state.images, [&](std::size_t i) {
    std::vector<T> written;
    const T* of_image = of_output.dense(i * pixels);
    if (of_image == nullptr) {
      written.resize(state.output_numbers());
      of_output.write(i * pixels, pixels, written.data(), channels);
      of_image = written.data();
    }
    T* to = result.data_ptr<T>() + i * state.input_numbers();
    std::fill_n(to, state.input_numbers(), T(0));
    if (state.max)
      kernels::max_pool_backward(value.data_ptr<T>() + i * state.input_numbers(), state.shape, of_image, to);
    else
      kernels::avg_pool_backward(of_image, state.shape, to);
  });
  return hand_on<T>(state.deferred.get(), {}, result, value, result);
}

struct PoolFunction : torch::autograd::Function<PoolFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input,
                            const c10::intrusive_ptr<PoolState>& state) {
    const at::Tensor value = input.contiguous(at::MemoryFormat::ChannelsLast);
    const kernels::ImageShape output_shape = state->shape.output();
    at::Tensor output =
        at::empty({value.size(0), value.size(1), static_cast<std::int64_t>(output_shape.height),
                   static_cast<std::int64_t>(output_shape.width)},
                  value.options(), at::MemoryFormat::ChannelsLast);
    value.scalar_type() == at::kDouble ? forward_in<double>(value, output, *state)
                                       : forward_in<float>(value, output, *state);
    // The gradient of a mean does not depend on the value.
    if (state->max) context->save_for_backward({value});
    context->set_materialize_grads(false);
    keep_state(context, state);
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto state = begin_backward<PoolState>(context);
    const at::Tensor value = state->max ? context->get_saved_variables().front() : at::Tensor();
    return {state->is_double ? backward_in<double>(value, gradients.front(), *state)
                             : backward_in<float>(value, gradients.front(), *state),
            at::Tensor()};
  }
};

}  // namespace

Produced pool(const at::Tensor& value, const Producer& producer, const PoolForm& form, bool takes_moments) {
  const auto state = c10::make_intrusive<PoolState>();
  const auto size = [&](std::int64_t dimension) { return static_cast<std::size_t>(value.size(dimension)); };
  state->max = form.max;
  state->takes_moments = takes_moments;
  state->is_double = value.scalar_type() == at::kDouble;
  state->shape = {.image = {size(2), size(3), size(1)},
                  .kernel = static_cast<std::size_t>(form.kernel),
                  .stride = static_cast<std::size_t>(form.stride),
                  .padding = static_cast<std::size_t>(form.padding)};
  state->images = size(0);
  state->producer.gradient = std::make_shared<DeferredGradient>();
  state->deferred = producer.gradient;
  Produced produced{.value = PoolFunction::apply(value, state), .producer = {}};
  produced.producer = {std::exchange(state->producer.moments, nullptr), state->producer.gradient};
  return produced;
}

}  // namespace espalier
