// For g the gradient of the sum Σ_t w_t·y_t, where y_t is x_t or a batch norm of it:
//
//     dL/dw_t = Σ g·y_t,  by way of Σ g·x_t and Σ g of each channel
//     dL/dx_t = w_t·g, or for a batch norm w_t·(a·g + b·x_t + c) as in batch_norm_transform.h
//
// One walk over the pixels takes Σ g and all Σ g·x_t that are needed; from these few numbers for each channel
// follow the gradients of weights, gammas and betas, and the factors a, b and c. What remains is to compute
// a·g + b·x_t + c, or to leave it to the step that produced x_t (deferred_gradient.h).
#include "sums/node_sum_backward.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "tensors/numbers.h"
#include "tensors/pixels.h"

namespace espalier {
namespace {

/// Σ g and, for each term that needs it, Σ g·x, by channel.
struct GradientSums {
  std::vector<double> gradient;
  std::vector<std::vector<double>> products;
};

template <class T>
GradientSums gradient_sums(const kernels::Pixels<T>& g, const std::vector<kernels::Pixels<T>>& values) {
  const PixelChunks chunks(g.pixels, g.channels);
  const std::size_t row = g.channels * (values.size() + 1);
  std::vector<double> parts(chunks.count() * row, 0.0);
  chunks.for_each([&](std::size_t chunk, std::size_t begin, std::size_t end) {
    double* sums = parts.data() + chunk * row;
    const auto gradient = part_of(g, begin, end);
    kernels::channel_sums(gradient, sums);
    for (const kernels::Pixels<T>& x : values)
      kernels::channel_products(gradient, part_of(x, begin, end), sums += g.channels);
  });
  std::vector<double> all(row, 0.0);
  for (auto part = parts.begin(); part != parts.end(); part += static_cast<std::ptrdiff_t>(row))
    std::transform(all.begin(), all.end(), part, all.begin(), std::plus<>());
  GradientSums sums;
  const auto part = [&](std::size_t i) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(i * g.channels);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(g.channels));
  };
  sums.gradient = part(0);
  for (std::size_t t = 0; t < values.size(); ++t) sums.products.push_back(part(t + 1));
  return sums;
}

template <class T>
class Backward {
 public:
  Backward(const std::vector<NodeTermState>& terms, const std::vector<at::Tensor>& inputs,
           const at::Tensor& gradient)
      : terms_(terms), inputs_(inputs), gradient_(gradient), g_(pixels_of<T>(gradient)) {
    std::vector<kernels::Pixels<T>> values;
    for (std::size_t t = 0; t < terms.size(); ++t)
      if (needs_products(terms[t])) values.push_back(pixels_of<T>(inputs[t]));
    if (!values.empty()) sums_ = gradient_sums(g_, values);
  }

  std::vector<at::Tensor> run() {
    results_.resize(inputs_.size());
    for (std::size_t i = terms_.size(); i < inputs_.size(); ++i)
      if (inputs_[i].requires_grad()) results_[i] = at::zeros_like(inputs_[i]);
    for (std::size_t t = 0; t < terms_.size(); ++t) add(t);
    return std::move(results_);
  }

 private:
  /// Whether a term needs Σ g·x: for a batch norm, or for weights that learn.
  bool needs_products(const NodeTermState& term) const {
    return term.norm ||
           (term.weights >= 0 && inputs_[static_cast<std::size_t>(term.weights)].requires_grad());
  }

  void add(std::size_t t) {
    const NodeTermState& term = terms_[t];
    if (!term.norm) {
      if (needs_products(term)) {
        const std::vector<double>& products = sums_.products[next_++];
        add_weight(term, std::accumulate(products.begin(), products.end(), 0.0));
      }
      if (inputs_[t].requires_grad()) results_[t] = handed_on(t, scaled(term));
      return;
    }
    const std::vector<double> of_gamma = gamma_gradient(*term.norm, sums_.gradient, sums_.products[next_++]);
    double total = 0.0;
    for (std::size_t c = 0; c < of_gamma.size(); ++c)
      total += term.norm->gamma[c] * of_gamma[c] + term.norm->beta[c] * sums_.gradient[c];
    add_weight(term, total);
    if (term.affine >= 0) {
      add_affine(static_cast<std::size_t>(term.affine), of_gamma, term.weight);
      add_affine(static_cast<std::size_t>(term.affine) + 1, sums_.gradient, term.weight);
    }
    if (inputs_[t].requires_grad())
      results_[t] = handed_on(t, input_gradient(*term.norm, sums_.gradient, of_gamma, g_.pixels));
  }

  void add_weight(const NodeTermState& term, double gradient) {
    if (term.weights < 0) return;
    const at::Tensor& to = results_[static_cast<std::size_t>(term.weights)];
    if (to.defined()) to[term.candidate].add_(gradient);
  }

  void add_affine(std::size_t input, const std::vector<double>& gradient, double weight) {
    const at::Tensor& to = results_[input];
    if (to.defined()) to.add_(tensor_of(gradient, to.options()), weight);
  }

  InputGradient scaled(const NodeTermState& term) const {
    if (term.weights < 0) return {};
    return {.a = std::vector<double>(g_.channels, 1.0), .b = {}, .c = {}};
  }

  at::Tensor handed_on(std::size_t t, InputGradient factors) const {
    const NodeTermState& term = terms_[t];
    factors.scale(term.weight);
    at::Tensor into;
    if (!term.deferred && !factors.a.empty())
      into = term.consumed ? inputs_[t] : at::empty_like(inputs_[t], at::MemoryFormat::ChannelsLast);
    return hand_on<T>(term.deferred.get(), factors, gradient_, inputs_[t], into);
  }

  const std::vector<NodeTermState>& terms_;
  const std::vector<at::Tensor>& inputs_;
  const at::Tensor& gradient_;
  kernels::Pixels<T> g_;
  GradientSums sums_;
  std::size_t next_ = 0;  ///< the next entry of sums_.products, as terms are taken in order
  std::vector<at::Tensor> results_;
};

}  // namespace

std::vector<at::Tensor> node_sum_backward(const std::vector<NodeTermState>& terms,
                                          const std::vector<at::Tensor>& inputs, const at::Tensor& gradient) {
  return gradient.scalar_type() == at::kDouble ? Backward<double>(terms, inputs, gradient).run()
                                               : Backward<float>(terms, inputs, gradient).run();
}

}  // namespace espalier
