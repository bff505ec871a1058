#include "convolution/fan_out.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <utility>

#include "convolution/fan_out_state.h"
#include "sums/batch_norm_transform.h"
#include "sums/output_gradient.h"
#include "tensors/numbers.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// How many channels the output of a branch has.
std::size_t channels(const BranchFilters& filters) {
  const at::Tensor& last = filters.convolution.defined() ? filters.convolution : filters.depthwise;
  return static_cast<std::size_t>(last.size(0));
}

template <class T>
void normalize(const at::Tensor& value, const FanOutReading& reading, bool training, FanOutState& state) {
  if (!training) {
    state.norm = transform_by_running_statistics(*reading.batch_norm);
    return;
  }
  const auto pixels = pixels_of<T>(value);
  state.norm = transform_by_batch_statistics(
      *reading.batch_norm, reading.producer.moments ? *reading.producer.moments : batch_moments(pixels),
      pixels.pixels);
}

template <class T>
variable_list forward_in(at::TensorList inputs, const at::Tensor& value, const FanOutReading& reading,
                         bool training, FanOutState& state) {
  if (reading.batch_norm != nullptr) normalize<T>(value, reading, training, state);
  const auto& body = state.body.emplace<FanOutBody<T>>(value, state.norm, state.relu,
                                                       state.with_filters(inputs), state.winograd);
  variable_list values;
  for (Produced& output : body.forward(value)) {
    values.push_back(std::move(output.value));
    state.producers.push_back(std::move(output.producer));
  }
  return values;
}

template <class T>
variable_list backward_in(const variable_list& inputs, const variable_list& gradients,
                          const FanOutState& state) {
  const at::Tensor& value = inputs.front();
  const auto& body = std::get<FanOutBody<T>>(state.body);
  const bool with_value = value.requires_grad() || state.affine;
  std::vector<OutputGradient<T>> of_branches;
  const std::vector<FanOutBranch> branches = state.with_filters(inputs);
  for (std::size_t b = 0; b < gradients.size(); ++b)
    of_branches.emplace_back(gradients[b], *state.producers[b].gradient, channels(branches[b].filters));
  // Either all filters of a network learn or, in a step of the architecture parameters, none do.
  const bool with_filters = inputs[state.first_filters()].requires_grad();
  auto result = body.backward(value, of_branches, with_value, with_filters);
  variable_list results(inputs.size());
  InputGradient factors;
  if (state.norm && with_value) {
    const std::vector<double> of_gamma = gamma_gradient(*state.norm, result.sums, result.products);
    if (state.affine) {
      results[1] = tensor_of(of_gamma, value.options());
      results[2] = tensor_of(result.sums, value.options());
    }
    factors = input_gradient(*state.norm, result.sums, of_gamma, pixels_of<T>(value).pixels);
  }
  if (value.requires_grad())
    results[0] = hand_on<T>(state.deferred.get(), factors, result.read, value, result.read);
  std::size_t next = state.first_filters();
  for (std::size_t b = 0; b < state.branches.size(); ++b) {
    if (state.branches[b].depthwise != nullptr) results[next++] = result.filters[b].depthwise;
    if (state.branches[b].convolution != nullptr) results[next++] = result.filters[b].convolution;
  }
  return results;
}

struct FanOutFunction : torch::autograd::Function<FanOutFunction> {
  static variable_list forward(AutogradContext* context, at::TensorList inputs, const FanOutReading& reading,
                               bool training, const c10::intrusive_ptr<FanOutState>& state) {
    at::Tensor value = inputs.front().contiguous(at::MemoryFormat::ChannelsLast);
    variable_list outputs = value.scalar_type() == at::kDouble
                                ? forward_in<double>(inputs, value, reading, training, *state)
                                : forward_in<float>(inputs, value, reading, training, *state);
    if (!value.is_same(inputs.front())) value.set_requires_grad(inputs.front().requires_grad());
    variable_list saved = inputs.vec();
    saved.front() = std::move(value);
    context->save_for_backward(std::move(saved));
    context->set_materialize_grads(false);
    keep_state(context, state);
    return outputs;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto state = begin_backward<FanOutState>(context);
    const variable_list inputs = context->get_saved_variables();
    variable_list results = inputs.front().scalar_type() == at::kDouble
                                ? backward_in<double>(inputs, gradients, *state)
                                : backward_in<float>(inputs, gradients, *state);
    results.resize(results.size() + 3);  // the reading, whether in training and the state have no gradients
    return results;
  }
};

}  // namespace

std::vector<Produced> fan_out(const at::Tensor& value, const FanOutReading& reading,
                              const std::vector<FanOutBranch>& branches, bool training, bool winograd) {
  const auto state = c10::make_intrusive<FanOutState>();
  state->relu = reading.relu;
  state->winograd = winograd;
  state->deferred = reading.producer.gradient;
  state->affine = reading.batch_norm != nullptr && reading.batch_norm->weight.defined();
  std::vector<at::Tensor> inputs = {value};
  if (state->affine) inputs.insert(inputs.end(), {reading.batch_norm->weight, reading.batch_norm->bias});
  for (FanOutBranch branch : branches) {
    if (branch.depthwise != nullptr) inputs.push_back(std::exchange(branch.filters.depthwise, {}));
    if (branch.convolution != nullptr) inputs.push_back(std::exchange(branch.filters.convolution, {}));
    state->branches.push_back(std::move(branch));
  }
  const variable_list values = FanOutFunction::apply(at::TensorList(inputs), reading, training, state);
  std::vector<Produced> outputs;
  for (std::size_t b = 0; b < values.size(); ++b) {
    Producer& producer = state->producers[b];
    outputs.push_back({values[b], {std::exchange(producer.moments, nullptr), producer.gradient}});
  }
  return outputs;
}

}  // namespace espalier
