#include "sums/batch_norm_transform.h"

#include <ATen/ATen.h>

#include <cmath>
#include <utility>

#include "compile/batch_norm.h"
#include "tensors/numbers.h"

namespace espalier {
namespace {

BatchNormTransform transform_of(const LayerWeights& batch_norm, std::vector<double> mean,
                                std::vector<double> variance, bool of_batch) {
  const std::size_t channels = mean.size();
  BatchNormTransform norm{.mean = std::move(mean),
                          .deviation = std::move(variance),
                          .gamma = std::vector<double>(channels, 1.0),
                          .beta = std::vector<double>(channels, 0.0),
                          .of_batch = of_batch};
  for (double& value : norm.deviation) value = 1.0 / std::sqrt(value + kBatchNormEpsilon);
  if (batch_norm.weight.defined()) norm.gamma = numbers_of(batch_norm.weight);
  if (batch_norm.bias.defined()) norm.beta = numbers_of(batch_norm.bias);
  return norm;
}

std::vector<double> divided(std::vector<double> values, double by) {
  for (double& value : values) value /= by;
  return values;
}

template <class T>
void move_in(const at::Tensor& running, const std::vector<double>& to) {
  T* const numbers = running.data_ptr<T>();
  for (std::size_t c = 0; c < to.size(); ++c)
    numbers[c] += static_cast<T>(kBatchNormMomentum * (to[c] - static_cast<double>(numbers[c])));
}

void move_running(const at::Tensor& running, const std::vector<double>& to) {
  running.scalar_type() == at::kDouble ? move_in<double>(running, to) : move_in<float>(running, to);
}

}  // namespace

BatchNormTransform transform_by_batch_statistics(const LayerWeights& batch_norm, const Moments& batch,
                                                 std::size_t pixels) {
  const auto count = static_cast<double>(pixels);
  move_running(batch_norm.running_mean, batch.mean);
  move_running(batch_norm.running_var, divided(batch.squares, count - 1.0));
  return transform_of(batch_norm, batch.mean, divided(batch.squares, count), /*of_batch=*/true);
}

BatchNormTransform transform_by_running_statistics(const LayerWeights& batch_norm) {
  return transform_of(batch_norm, numbers_of(batch_norm.running_mean), numbers_of(batch_norm.running_var),
                      /*of_batch=*/false);
}

std::vector<double> gamma_gradient(const BatchNormTransform& norm, const std::vector<double>& sums,
                                   const std::vector<double>& products) {
  std::vector<double> of_gamma(sums.size());
  for (std::size_t c = 0; c < of_gamma.size(); ++c)
    of_gamma[c] = (products[c] - norm.mean[c] * sums[c]) * norm.deviation[c];
  return of_gamma;
}

InputGradient input_gradient(const BatchNormTransform& norm, const std::vector<double>& sums,
                             const std::vector<double>& of_gamma, std::size_t pixels) {
  const std::size_t channels = norm.mean.size();
  InputGradient result{.a = std::vector<double>(channels), .b = {}, .c = {}};
  for (std::size_t c = 0; c < channels; ++c) result.a[c] = norm.scale(c);
  if (!norm.of_batch) return result;
  result.b.resize(channels);
  result.c.resize(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    const double scale = norm.scale(c) / static_cast<double>(pixels);
    result.b[c] = -scale * of_gamma[c] * norm.deviation[c];
    result.c[c] = scale * (of_gamma[c] * norm.deviation[c] * norm.mean[c] - sums[c]);
  }
  return result;
}

void InputGradient::scale(double factor) {
  for (std::vector<double>* numbers : {&a, &b, &c})
    for (double& number : *numbers) number *= factor;
}

}  // namespace espalier
