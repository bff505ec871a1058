#include "sums/weighted_sum.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

namespace espalier {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Whether two tensors hold their numbers densely and in the same order.
bool laid_out_alike(const at::Tensor& a, const at::Tensor& b) {
  return a.strides() == b.strides() && a.is_non_overlapping_and_dense();
}

at::Tensor inner_product(const at::Tensor& a, const at::Tensor& b) {
  if (!laid_out_alike(a, b)) return (a * b).sum();
  const auto flat = [](const at::Tensor& tensor) { return tensor.as_strided({tensor.numel()}, {1}); };
  return at::dot(flat(a), flat(b));
}

struct WeightedSumFunction : torch::autograd::Function<WeightedSumFunction> {
  // An ArrayRef is the only form of a list whose entries autograd takes for inputs that may have gradients.
  static at::Tensor forward(AutogradContext* context, at::TensorList terms, at::TensorList weights,
                            const std::vector<NodeTerm>& form) {
    // One output buffer, which must not be the first term.
    at::Tensor sum = form.front().weights < 0 ? terms.front().clone() : terms.front() * form.front().weight;
    for (std::size_t i = 1; i < terms.size(); ++i) sum.add_(terms[i], form[i].weight);

    variable_list saved = terms.vec();
    saved.insert(saved.end(), weights.begin(), weights.end());
    context->save_for_backward(saved);
    std::vector<std::int64_t> wiring;
    std::vector<double> values;
    for (const NodeTerm& term : form) {
      wiring.push_back(term.weights);
      wiring.push_back(term.candidate);
      values.push_back(term.weight);
    }
    context->saved_data["wiring"] = wiring;
    context->saved_data["values"] = values;
    return sum;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const at::Tensor& gradient = gradients.front();
    const variable_list saved = context->get_saved_variables();
    const std::vector<std::int64_t> wiring = context->saved_data["wiring"].toIntVector();
    const std::vector<double> values = context->saved_data["values"].toDoubleVector();
    const std::size_t terms = values.size();
    if (at::GradMode::is_enabled()) return differentiable(gradient, saved, wiring, terms);

    variable_list results(saved.size() + 1);  // one more: the form has no gradient
    for (std::size_t i = terms; i < saved.size(); ++i)
      if (saved[i].requires_grad()) results[i] = at::zeros_like(saved[i]);
    for (std::size_t i = 0; i < terms; ++i) {
      const std::int64_t weights = wiring[2 * i];
      if (saved[i].requires_grad()) results[i] = weights < 0 ? gradient : gradient * values[i];
      if (weights < 0) continue;
      const at::Tensor& to = results[terms + static_cast<std::size_t>(weights)];
      if (to.defined()) to[wiring[2 * i + 1]].add_(inner_product(gradient, saved[i]));
    }
    return results;
  }

  /// The same for a gradient that is differentiated again: it depends on the weights as tensors, not only on
  /// their values.
  static variable_list differentiable(const at::Tensor& gradient, const variable_list& saved,
                                      const std::vector<std::int64_t>& wiring, std::size_t terms) {
    variable_list results(saved.size() + 1);
    for (std::size_t w = terms; w < saved.size(); ++w) {
      if (!saved[w].requires_grad()) continue;
      variable_list of_candidates(static_cast<std::size_t>(saved[w].numel()),
                                  at::zeros({}, saved[w].options()));
      for (std::size_t i = 0; i < terms; ++i)
        if (wiring[2 * i] == static_cast<std::int64_t>(w - terms))
          of_candidates[static_cast<std::size_t>(wiring[2 * i + 1])] =
              of_candidates[static_cast<std::size_t>(wiring[2 * i + 1])] + (gradient * saved[i]).sum();
      results[w] = at::stack(of_candidates);
    }
    for (std::size_t i = 0; i < terms; ++i) {
      if (!saved[i].requires_grad()) continue;
      const std::int64_t weights = wiring[2 * i];
      results[i] = weights < 0
                       ? gradient
                       : gradient * saved[terms + static_cast<std::size_t>(weights)][wiring[2 * i + 1]];
    }
    return results;
  }
};

}  // namespace

at::Tensor weighted_sum(const std::vector<NodeTerm>& terms, const std::vector<at::Tensor>& weights) {
  variable_list values;
  for (const NodeTerm& term : terms) values.push_back(term.value);
  return WeightedSumFunction::apply(at::TensorList(values), at::TensorList(weights), terms);
}

}  // namespace espalier
