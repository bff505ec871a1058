#pragma once

#include <cstddef>
#include <vector>

#include "compile/weights.h"
#include "sums/moments.h"

namespace espalier {

// A batch norm over m pixels of a channel (Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network
// Training by Reducing Internal Covariate Shift", 2015), with μ and σ the mean and the deviation of x:
//
//     y = γ·x̂ + β,  x̂ = (x − μ)/σ
//
// Once μ and σ are known, this is y = scale·x + offset with scale = γ/σ and offset = β − scale·μ: whoever
// reads y can read x instead and apply both on the way, so that y is never stored. For g the gradient of y,
// the paper's formulas give
//
//     dL/dβ = Σ g
//     dL/dγ = Σ g·x̂ = (Σ g·x − μ·Σ g)/σ
//     dL/dx = γ/σ·(g − 1/m·Σ g − x̂/m·Σ g·x̂)
//           = a·g + b·x + c,  a = γ/σ,  b = −a/m·(dL/dγ)/σ,  c = a/m·((dL/dγ)·μ/σ − dL/dβ)
//
// and so the gradient, too, needs two sums over the batch, and is then a sum of scaled tensors. In
// evaluation, μ and σ are running statistics that do not depend on x: then b = c = 0.

/// What a batch norm does to each channel of one batch.
struct BatchNormTransform {
  std::vector<double> mean;       ///< μ
  std::vector<double> deviation;  ///< 1/σ
  std::vector<double> gamma;
  std::vector<double> beta;
  bool of_batch;  ///< whether mean and deviation are those of the batch itself, and so depend on x

  double scale(std::size_t channel) const { return gamma[channel] * deviation[channel]; }
  double offset(std::size_t channel) const { return beta[channel] - scale(channel) * mean[channel]; }
};

/// The transform in training. Moves the running statistics of `batch_norm` by a tenth towards those of the
/// batch, with the unbiased variance, as LibTorch does.
BatchNormTransform transform_by_batch_statistics(const LayerWeights& batch_norm, const Moments& batch,
                                                 std::size_t pixels);
/// The transform in evaluation.
BatchNormTransform transform_by_running_statistics(const LayerWeights& batch_norm);

/// dL/dγ by channel, from Σ g and Σ g·x.
std::vector<double> gamma_gradient(const BatchNormTransform& norm, const std::vector<double>& sums,
                                   const std::vector<double>& products);

/// dL/dx = a·g + b·x + c by channel.
struct InputGradient {
  std::vector<double> a;  ///< empty where it is 1 for all channels
  std::vector<double> b;  ///< empty where it is 0 for all channels, and then c is empty as well
  std::vector<double> c;

  void scale(double factor);
};

/// From Σ g and dL/dγ.
InputGradient input_gradient(const BatchNormTransform& norm, const std::vector<double>& sums,
                             const std::vector<double>& of_gamma, std::size_t pixels);

}  // namespace espalier
