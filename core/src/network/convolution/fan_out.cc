#include "convolution/fan_out.h"

#include <ATen/ATen.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/custom_function.h>

#include <optional>
#include <utility>
#include <variant>

#include "convolution/fan_out_body.h"
#include "sums/batch_norm_transform.h"
#include "sums/output_gradient.h"
#include "sums/single_backward.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct SourceState final : torch::CustomClassHolder {
  std::vector<SourceBranch> branches;  // without their filters, which autograd keeps
  std::variant<std::monostate, SourceBody<float>, SourceBody<double>> body;
  std::optional<Normalisation> norm;
  bool relu = false;
  bool winograd = false;
  bool affine = false;
  std::shared_ptr<DeferredGradient> deferred;  // of the value
  std::vector<Origin> origins;                 // by branch, of the outputs
  SingleBackward once;

  /// Where the filters stand among the inputs, behind the value and the batch norm's gamma and beta.
  std::size_t first_filters() const { return affine ? 3 : 1; }

  /// The branches with their filters.
  std::vector<SourceBranch> with_filters(at::TensorList inputs) const {
    std::vector<SourceBranch> result = branches;
    std::size_t next = first_filters();
    for (SourceBranch& branch : result) {
      if (branch.depthwise != nullptr) branch.filters.depthwise = inputs[next++];
      if (branch.convolution != nullptr) branch.filters.convolution = inputs[next++];
    }
    return result;
  }
};

/// Of what a branch makes.
std::size_t channels(const SourceFilters& filters) {
  const at::Tensor& last = filters.convolution.defined() ? filters.convolution : filters.depthwise;
  return static_cast<std::size_t>(last.size(0));
}

template <class T>
void normalise(const at::Tensor& value, const SourceReading& reading, bool training, SourceState& state) {
  if (!training) {
    state.norm = normalise_by_running(*reading.batch_norm);
    return;
  }
  const auto pixels = pixels_of<T>(value);
  state.norm = normalise_by_batch(*reading.batch_norm,
                                  reading.origin.moments ? *reading.origin.moments : batch_moments(pixels),
                                  pixels.pixels);
}

template <class T>
variable_list forward_in(at::TensorList inputs, const at::Tensor& value, const SourceReading& reading,
                         bool training, SourceState& state) {
  if (reading.batch_norm != nullptr) normalise<T>(value, reading, training, state);
  const auto& body = state.body.emplace<SourceBody<T>>(value, state.norm, state.relu,
                                                       state.with_filters(inputs), state.winograd);
  variable_list values;
  for (Made& output : body.forward(value)) {
    values.push_back(std::move(output.value));
    state.origins.push_back(std::move(output.origin));
  }
  return values;
}

template <class T>
variable_list backward_in(const variable_list& inputs, const variable_list& gradients,
                          const SourceState& state) {
  const at::Tensor& value = inputs.front();
  const auto& body = std::get<SourceBody<T>>(state.body);
  const bool with_value = value.requires_grad() || state.affine;
  std::vector<OutputGradient<T>> of_branches;
  const std::vector<SourceBranch> branches = state.with_filters(inputs);
  for (std::size_t b = 0; b < gradients.size(); ++b)
    of_branches.emplace_back(gradients[b], *state.origins[b].gradient, channels(branches[b].filters));
  // All filters of a network learn, or none do, as in a step of its architecture.
  const bool with_filters = inputs[state.first_filters()].requires_grad();
  auto result = body.backward(value, of_branches, with_value, with_filters);
  variable_list results(inputs.size());
  InputGradient factors;
  if (state.norm && with_value) {
    const std::vector<double> along = normalised_products(*state.norm, result.sums, result.products);
    if (state.affine) {
      results[1] = tensor_of(along, value.options());
      results[2] = tensor_of(result.sums, value.options());
    }
    factors = input_gradient(*state.norm, result.sums, along, pixels_of<T>(value).pixels);
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

struct SourceFunction : torch::autograd::Function<SourceFunction> {
  // The value, gamma and beta of a batch norm that has them, then the filters branch by branch.
  static variable_list forward(AutogradContext* context, at::TensorList inputs, const SourceReading& reading,
                               bool training, const c10::intrusive_ptr<SourceState>& state) {
    at::Tensor value = inputs.front().contiguous(at::MemoryFormat::ChannelsLast);
    variable_list outputs = value.scalar_type() == at::kDouble
                                ? forward_in<double>(inputs, value, reading, training, *state)
                                : forward_in<float>(inputs, value, reading, training, *state);
    if (!value.is_same(inputs.front())) value.set_requires_grad(inputs.front().requires_grad());
    variable_list saved = inputs.vec();
    saved.front() = std::move(value);
    context->save_for_backward(std::move(saved));
    context->set_materialize_grads(false);
    context->saved_data["state"] = c10::IValue::make_capsule(state);
    return outputs;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto state =
        c10::static_intrusive_pointer_cast<SourceState>(context->saved_data["state"].toCapsule());
    state->once.begin();
    const variable_list inputs = context->get_saved_variables();
    variable_list results = inputs.front().scalar_type() == at::kDouble
                                ? backward_in<double>(inputs, gradients, *state)
                                : backward_in<float>(inputs, gradients, *state);
    results.resize(results.size() + 3);  // the reading, whether in training and the state have no gradients
    return results;
  }
};

}  // namespace

std::vector<Made> source(const at::Tensor& value, const SourceReading& reading,
                         const std::vector<SourceBranch>& branches, bool training, bool winograd) {
  const auto state = c10::make_intrusive<SourceState>();
  state->relu = reading.relu;
  state->winograd = winograd;
  state->deferred = reading.origin.gradient;
  state->affine = reading.batch_norm != nullptr && reading.batch_norm->weight.defined();
  std::vector<at::Tensor> inputs = {value};
  if (state->affine) inputs.insert(inputs.end(), {reading.batch_norm->weight, reading.batch_norm->bias});
  for (SourceBranch branch : branches) {
    if (branch.depthwise != nullptr) inputs.push_back(std::exchange(branch.filters.depthwise, {}));
    if (branch.convolution != nullptr) inputs.push_back(std::exchange(branch.filters.convolution, {}));
    state->branches.push_back(std::move(branch));
  }
  const variable_list values = SourceFunction::apply(at::TensorList(inputs), reading, training, state);
  std::vector<Made> outputs;
  for (std::size_t b = 0; b < values.size(); ++b) {
    Origin& origin = state->origins[b];
    outputs.push_back({values[b], {std::exchange(origin.moments, nullptr), origin.gradient}});
  }
  return outputs;
}

}  // namespace espalier
