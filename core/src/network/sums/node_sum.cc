#include "sums/node_sum.h"

#include <ATen/ATen.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <utility>

#include "sums/batch_norm_transform.h"
#include "sums/node_sum_backward.h"
#include "sums/output_gradient.h"
#include "sums/single_backward.h"
#include "tensors/affine_pixels.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct NodeState final : torch::CustomClassHolder {
  std::vector<NodeTermState> terms;
  std::shared_ptr<DeferredGradient> deferred = std::make_shared<DeferredGradient>();  // of the sum
  bool training = false;
  SingleBackward once;
};

template <class T>
BatchNormTransform transform_of(const NodeTerm& term, const kernels::Pixels<T>& x, bool training) {
  if (!training) return transform_by_running_statistics(*term.batch_norm);
  return transform_by_batch_statistics(
      *term.batch_norm, term.producer.moments ? *term.producer.moments : batch_moments(x), x.pixels);
}

template <class T>
at::Tensor forward_in(const at::TensorList values, const std::vector<NodeTerm>& terms, NodeState& state) {
  const at::Tensor output = at::empty_like(values.front(), at::MemoryFormat::ChannelsLast);
  const auto channels = static_cast<std::size_t>(output.size(1));
  AffinePixels<T> sum(channels);
  std::vector<double> offset(channels, 0.0);
  for (std::size_t t = 0; t < terms.size(); ++t) {
    NodeTermState& term = state.terms[t];
    const auto x = pixels_of<T>(values[t]);
    std::vector<T>& scale = sum.add(x);
    if (terms[t].batch_norm == nullptr) {
      std::fill(scale.begin(), scale.end(), static_cast<T>(term.weight));
      continue;
    }
    term.norm = transform_of(terms[t], x, state.training);
    for (std::size_t c = 0; c < channels; ++c) {
      scale[c] = static_cast<T>(term.weight * term.norm->scale(c));
      offset[c] += term.weight * term.norm->offset(c);
    }
  }
  std::copy(offset.begin(), offset.end(), sum.offset().begin());
  sum.write(output);
  return output;
}

template <class T>
variable_list backward_in(const variable_list& inputs, const at::Tensor& gradient, const NodeState& state) {
  const at::Tensor& like = inputs.front();
  const OutputGradient<T> of_sum(gradient, *state.deferred, static_cast<std::size_t>(like.size(1)));
  return node_sum_backward(state.terms, inputs, of_sum.whole(like));
}

struct NodeFunction : torch::autograd::Function<NodeFunction> {
  // `inputs` are the values, then gammas and betas, then the vectors of weights. An ArrayRef is the only form
  // of a list whose entries autograd takes for inputs that may have gradients.
  static at::Tensor forward(AutogradContext* context, at::TensorList inputs,
                            const std::vector<NodeTerm>& terms, const c10::intrusive_ptr<NodeState>& state) {
    variable_list values;
    for (std::size_t t = 0; t < terms.size(); ++t) values.push_back(in_pixels(inputs[t]));
    at::Tensor output = values.front().scalar_type() == at::kDouble
                            ? forward_in<double>(values, terms, *state)
                            : forward_in<float>(values, terms, *state);
    for (std::size_t t = 0; t < terms.size(); ++t)
      if (!values[t].is_same(inputs[t])) values[t].set_requires_grad(inputs[t].requires_grad());
    values.insert(values.end(), inputs.begin() + static_cast<std::ptrdiff_t>(terms.size()), inputs.end());
    context->save_for_backward(std::move(values));
    context->set_materialize_grads(false);
    keep_state(context, state);
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto state = begin_backward<NodeState>(context);
    const variable_list inputs = context->get_saved_variables();
    const bool is_double = inputs.front().scalar_type() == at::kDouble;
    variable_list results = is_double ? backward_in<double>(inputs, gradients.front(), *state)
                                      : backward_in<float>(inputs, gradients.front(), *state);
    results.resize(results.size() + 2);  // the terms and the state have no gradients
    return results;
  }
};

}  // namespace

Produced node_sum(const std::vector<NodeTerm>& terms, const std::vector<at::Tensor>& weights, bool training) {
  const auto state = c10::make_intrusive<NodeState>();
  state->training = training;
  std::vector<at::Tensor> inputs;
  for (const NodeTerm& term : terms) inputs.push_back(term.value);
  for (const NodeTerm& term : terms) {
    const bool affine = term.batch_norm != nullptr && term.batch_norm->weight.defined();
    state->terms.push_back({.weights = term.weights,
                            .candidate = term.candidate,
                            .weight = term.weight,
                            .consumed = term.consumed,
                            .deferred = term.producer.gradient,
                            .affine = affine ? static_cast<int>(inputs.size()) : -1,
                            .norm = {}});
    if (affine) inputs.insert(inputs.end(), {term.batch_norm->weight, term.batch_norm->bias});
  }
  for (NodeTermState& term : state->terms)
    if (term.weights >= 0) term.weights += static_cast<int>(inputs.size());
  inputs.insert(inputs.end(), weights.begin(), weights.end());
  Produced produced{.value = NodeFunction::apply(at::TensorList(inputs), terms, state), .producer = {}};
  produced.producer.gradient = state->deferred;
  return produced;
}

}  // namespace espalier
