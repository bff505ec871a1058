#include "node_sum.h"

#include <ATen/ATen.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <numeric>

#include "affine_sum.h"
#include "batch_norm.h"
#include "espalier/errors.h"
#include "numbers.h"
#include "pixels.h"

namespace espalier {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Tensor tensor_of(const std::vector<double>& values, const at::TensorOptions& options) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::kDouble);
  std::copy(values.begin(), values.end(), tensor.data_ptr<double>());
  return tensor.to(options);
}

/// What a term is to its sum, by channel: weight·(gamma·(x − mean)·deviation + beta), deviation being 1/σ.
struct TermState {
  int weights;
  int candidate;
  double weight;
  bool consumed;
  bool normalised;
  int affine;  ///< the position of its gamma among the function's inputs, its beta behind it; -1: 1 and 0
  std::vector<double> mean;
  std::vector<double> deviation;
  std::vector<double> gamma;
  std::vector<double> beta;
};

struct NodeState final : torch::CustomClassHolder {
  std::vector<TermState> terms;
  bool training = false;
  bool spent = false;
};

struct Moments {
  std::vector<double> mean;
  std::vector<double> squares;  ///< Σ (x − mean)²
};

template <class T>
Moments batch_moments(const kernels::Pixels<T>& x) {
  const PixelChunks chunks(x.pixels);
  std::vector<Moments> parts(chunks.count());
  chunks.for_each([&](std::size_t chunk, std::size_t begin, std::size_t end) {
    Moments& part = parts[chunk];
    part.mean.resize(x.channels);
    part.squares.resize(x.channels);
    kernels::moments(part_of(x, begin, end), part.mean.data(), part.squares.data());
  });
  Moments all = std::move(parts.front());
  const std::size_t size = chunks.size();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    kernels::merge_moments(x.channels, i * size, all.mean.data(), all.squares.data(),
                           std::min(size, x.pixels - i * size), parts[i].mean.data(),
                           parts[i].squares.data());
  }
  return all;
}

/// Moves the running statistics by a tenth towards those of the batch, with the unbiased variance.
void update_running(const LayerWeights& norm, const Moments& batch, std::size_t pixels) {
  const auto move = [](const at::Tensor& running, std::vector<double> to) {
    const at::NoGradGuard no_grad;
    running.mul_(1.0 - kBatchNormMomentum).add_(tensor_of(to, running.options()), kBatchNormMomentum);
  };
  std::vector<double> variance = batch.squares;
  for (double& value : variance) value /= static_cast<double>(pixels) - 1.0;
  move(norm.running_mean, batch.mean);
  move(norm.running_var, std::move(variance));
}

template <class T>
void normalise(TermState& term, const kernels::Pixels<T>& x, const LayerWeights& norm, bool training) {
  std::vector<double> variance;
  if (training) {
    Moments batch = batch_moments(x);
    update_running(norm, batch, x.pixels);
    term.mean = std::move(batch.mean);
    variance = std::move(batch.squares);
    for (double& value : variance) value /= static_cast<double>(x.pixels);
  } else {
    term.mean = numbers_of(norm.running_mean);
    variance = numbers_of(norm.running_var);
  }
  term.deviation.resize(x.channels);
  for (std::size_t c = 0; c < x.channels; ++c)
    term.deviation[c] = 1.0 / std::sqrt(variance[c] + kBatchNormEpsilon);
  term.gamma = norm.weight.defined() ? numbers_of(norm.weight) : std::vector<double>(x.channels, 1.0);
  term.beta = norm.bias.defined() ? numbers_of(norm.bias) : std::vector<double>(x.channels, 0.0);
}

/// sum of scale·x over the terms, and the offset, written to `to`, which may be one of the terms' values.
template <class T>
struct AffineSum {
  std::vector<kernels::Pixels<T>> values;
  std::vector<std::vector<T>> scales;
  std::vector<T> offset;

  explicit AffineSum(std::size_t channels) : offset(channels) {}

  std::vector<T>& add(const kernels::Pixels<T>& x) {
    values.push_back(x);
    return scales.emplace_back(offset.size());
  }

  void write(const at::Tensor& to) const {
    const auto output = pixels_of<T>(to);
    auto* const sum = to.data_ptr<T>();
    PixelChunks(output.pixels).for_each([&](std::size_t, std::size_t begin, std::size_t end) {
      std::vector<kernels::AffineTerm<T>> terms;
      for (std::size_t t = 0; t < values.size(); ++t)
        terms.push_back({values[t].values + begin * values[t].stride, values[t].stride, scales[t].data()});
      kernels::affine_sum(terms, offset.data(), end - begin, output.channels, sum + begin * output.stride,
                          output.stride);
    });
  }
};

template <class T>
at::Tensor forward_in(const at::TensorList values, const std::vector<NodeTerm>& terms, NodeState& state) {
  const at::Tensor output = at::empty_like(values.front(), at::MemoryFormat::ChannelsLast);
  const auto channels = static_cast<std::size_t>(output.size(1));
  AffineSum<T> sum(channels);
  std::vector<double> offset(channels, 0.0);
  for (std::size_t t = 0; t < terms.size(); ++t) {
    TermState& term = state.terms[t];
    const auto x = pixels_of<T>(values[t]);
    std::vector<T>& scale = sum.add(x);
    if (!term.normalised) {
      std::fill(scale.begin(), scale.end(), static_cast<T>(term.weight));
      continue;
    }
    normalise(term, x, *terms[t].batch_norm, state.training);
    for (std::size_t c = 0; c < channels; ++c) {
      const double factor = term.gamma[c] * term.deviation[c];
      scale[c] = static_cast<T>(term.weight * factor);
      offset[c] += term.weight * (term.beta[c] - factor * term.mean[c]);
    }
  }
  std::copy(offset.begin(), offset.end(), sum.offset.begin());
  sum.write(output);
  return output;
}

/// Σ g, and Σ g·x of each term, by channel.
struct GradientSums {
  std::vector<double> gradient;
  std::vector<std::vector<double>> products;
};

template <class T>
GradientSums gradient_sums(const kernels::Pixels<T>& g, const std::vector<kernels::Pixels<T>>& values) {
  const PixelChunks chunks(g.pixels);
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
  for (std::size_t i = 0; i < parts.size(); ++i) all[i % row] += parts[i];
  GradientSums sums;
  const auto part = [&](std::size_t i) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(i * g.channels);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(g.channels));
  };
  sums.gradient = part(0);
  for (std::size_t t = 0; t < values.size(); ++t) sums.products.push_back(part(t + 1));
  return sums;
}

/// Σ g·x̂ of a term by channel, x̂ being its normalised value.
std::vector<double> normalised_products(const TermState& term, const std::vector<double>& gradient,
                                        const std::vector<double>& products) {
  std::vector<double> sums(gradient.size());
  for (std::size_t c = 0; c < sums.size(); ++c)
    sums[c] = (products[c] - term.mean[c] * gradient[c]) * term.deviation[c];
  return sums;
}

template <class T>
class Backward {
 public:
  Backward(const NodeState& state, const variable_list& inputs, const at::Tensor& gradient)
      : state_(state), inputs_(inputs), gradient_(gradient), g_(pixels_of<T>(gradient)) {
    std::vector<kernels::Pixels<T>> values;
    for (std::size_t t = 0; t < state.terms.size(); ++t) {
      const TermState& term = state.terms[t];
      if (term.normalised || term.weights >= 0) values.push_back(pixels_of<T>(inputs[t]));
    }
    if (!values.empty()) sums_ = gradient_sums(g_, values);
  }

  variable_list run() {
    const std::size_t count = state_.terms.size();
    results_.resize(inputs_.size());
    for (std::size_t i = count; i < inputs_.size(); ++i)
      if (inputs_[i].requires_grad()) results_[i] = at::zeros_like(inputs_[i]);
    for (std::size_t t = 0; t < count; ++t) add(t);
    return std::move(results_);
  }

 private:
  void add(std::size_t t) {
    const TermState& term = state_.terms[t];
    if (!term.normalised) {
      if (term.weights >= 0) {
        const std::vector<double>& products = sums_.products[next_++];
        add_weight(term, std::accumulate(products.begin(), products.end(), 0.0));
      }
      if (inputs_[t].requires_grad()) results_[t] = term.weights < 0 ? gradient_ : scaled(t);
      return;
    }
    const std::vector<double> along = normalised_products(term, sums_.gradient, sums_.products[next_++]);
    double total = 0.0;
    for (std::size_t c = 0; c < along.size(); ++c)
      total += term.gamma[c] * along[c] + term.beta[c] * sums_.gradient[c];
    add_weight(term, total);
    if (term.affine >= 0) {
      add_affine(static_cast<std::size_t>(term.affine), along, term.weight);
      add_affine(static_cast<std::size_t>(term.affine) + 1, sums_.gradient, term.weight);
    }
    if (inputs_[t].requires_grad()) results_[t] = through_batch_norm(t, along);
  }

  void add_weight(const TermState& term, double gradient) {
    if (term.weights < 0) return;
    const at::Tensor& to = results_[static_cast<std::size_t>(term.weights)];
    if (to.defined()) to[term.candidate].add_(gradient);
  }

  void add_affine(std::size_t input, const std::vector<double>& gradient, double weight) {
    const at::Tensor& to = results_[input];
    if (to.defined()) to.add_(tensor_of(gradient, to.options()), weight);
  }

  at::Tensor target(std::size_t t) const {
    return state_.terms[t].consumed ? inputs_[t] : at::empty_like(inputs_[t], at::MemoryFormat::ChannelsLast);
  }

  at::Tensor scaled(std::size_t t) const {
    AffineSum<T> sum(g_.channels);
    sum.add(g_).assign(g_.channels, static_cast<T>(state_.terms[t].weight));
    at::Tensor result = target(t);
    sum.write(result);
    return result;
  }

  /// a·g + b·x + c; in evaluation the moments do not depend on x, and b and c are 0.
  at::Tensor through_batch_norm(std::size_t t, const std::vector<double>& along) const {
    const TermState& term = state_.terms[t];
    AffineSum<T> sum(g_.channels);
    std::vector<T>& a = sum.add(g_);
    for (std::size_t c = 0; c < a.size(); ++c)
      a[c] = static_cast<T>(term.weight * term.gamma[c] * term.deviation[c]);
    if (state_.training) {
      const auto count = static_cast<double>(g_.pixels);
      std::vector<T>& b = sum.add(pixels_of<T>(inputs_[t]));
      for (std::size_t c = 0; c < b.size(); ++c) {
        const double scale = term.weight * term.gamma[c] * term.deviation[c] / count;
        b[c] = static_cast<T>(-scale * along[c] * term.deviation[c]);
        sum.offset[c] =
            static_cast<T>(scale * (along[c] * term.deviation[c] * term.mean[c] - sums_.gradient[c]));
      }
    }
    at::Tensor result = target(t);
    sum.write(result);
    return result;
  }

  const NodeState& state_;
  const variable_list& inputs_;
  const at::Tensor& gradient_;
  kernels::Pixels<T> g_;
  GradientSums sums_;
  std::size_t next_ = 0;  ///< of the sums: those of the terms that need them, in order
  variable_list results_;
};

struct NodeFunction : torch::autograd::Function<NodeFunction> {
  // Of vectors only an ArrayRef counts as inputs that have gradients. First the values, then gammas and
  // betas, then the weights.
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
    context->saved_data["state"] = c10::IValue::make_capsule(state);
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto state =
        c10::static_intrusive_pointer_cast<NodeState>(context->saved_data["state"].toCapsule());
    if (state->spent || at::GradMode::is_enabled()) {
      throw Error(
          {.what = state->spent ? "a second backward pass through one forward pass"
                                : "gradients of gradients of a compiled network",
           .remedy = "compile the network with `fold` off: folded batch norms give up what they read"});
    }
    state->spent = true;
    const variable_list inputs = context->get_saved_variables();
    const at::Tensor gradient = in_pixels(gradients.front());
    variable_list results = gradient.scalar_type() == at::kDouble
                                ? Backward<double>(*state, inputs, gradient).run()
                                : Backward<float>(*state, inputs, gradient).run();
    results.resize(results.size() + 2);  // the terms and the state have no gradients
    return results;
  }
};

}  // namespace

at::Tensor node_sum(const std::vector<NodeTerm>& terms, const std::vector<at::Tensor>& weights,
                    bool training) {
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
                            .normalised = term.batch_norm != nullptr,
                            .affine = affine ? static_cast<int>(inputs.size()) : -1,
                            .mean = {},
                            .deviation = {},
                            .gamma = {},
                            .beta = {}});
    if (affine) inputs.insert(inputs.end(), {term.batch_norm->weight, term.batch_norm->bias});
  }
  for (TermState& term : state->terms)
    if (term.weights >= 0) term.weights += static_cast<int>(inputs.size());
  inputs.insert(inputs.end(), weights.begin(), weights.end());
  return NodeFunction::apply(at::TensorList(inputs), terms, state);
}

}  // namespace espalier
