#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <vector>

#include "compile/weights.h"
#include "sums/moments.h"

namespace espalier {

/// What a batch norm does to each channel of one batch: gamma·(x − mean)·deviation + beta, deviation being
/// 1/σ. As a scale and an offset it costs next to nothing where its result is read.
struct Normalisation {
  std::vector<double> mean;
  std::vector<double> deviation;
  std::vector<double> gamma;
  std::vector<double> beta;
  bool of_batch;  ///< whether mean and deviation are those of the batch itself, and so depend on x

  double scale(std::size_t channel) const { return gamma[channel] * deviation[channel]; }
  double offset(std::size_t channel) const { return beta[channel] - scale(channel) * mean[channel]; }
};

/// Over the batch's moments, which also move the running statistics by a tenth, with the unbiased variance.
Normalisation normalise_by_batch(const LayerWeights& batch_norm, const Moments& batch, std::size_t pixels);
/// Over the running statistics.
Normalisation normalise_by_running(const LayerWeights& batch_norm);

/// Σ g·x̂ by channel, x̂ being (x − mean)·deviation, from Σ g and Σ g·x: the gradient of gamma.
std::vector<double> normalised_products(const Normalisation& norm, const std::vector<double>& gradient,
                                        const std::vector<double>& products);

/// The gradient of x is a·g + b·x + c by channel (Ioffe and Szegedy, 2015).
struct InputGradient {
  std::vector<double> a;  ///< empty: ones
  std::vector<double> b;  ///< empty, as c is: zeros
  std::vector<double> c;

  void scale(double factor);
};

/// `along` is Σ g·x̂, `gradient` Σ g. Of running statistics b and c are empty.
InputGradient input_gradient(const Normalisation& norm, const std::vector<double>& gradient,
                             const std::vector<double>& along, std::size_t pixels);

/// Numbers as a tensor.
at::Tensor tensor_of(const std::vector<double>& values, const at::TensorOptions& options);

}  // namespace espalier
