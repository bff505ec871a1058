#include "one_hot.h"

#include <cmath>
#include <limits>

namespace predictors {
namespace {

/// A copy: the order in which Eigen sums depends on how the numbers are aligned in memory.
Eigen::VectorXd as_vector(std::span<const double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

}  // namespace

Eigen::Index feature_count(const espalier::SearchSpace& space) {
  std::size_t count = 0;
  for (const espalier::Choice& choice : space.choices()) count += choice.candidates.size();
  return static_cast<Eigen::Index>(count);
}

Eigen::MatrixXd features(const espalier::SearchSpace& space,
                         std::span<const espalier::Architecture> architectures) {
  Eigen::MatrixXd columns(feature_count(space), static_cast<Eigen::Index>(architectures.size()));
  for (Eigen::Index i = 0; i < columns.cols(); ++i) {
    const std::vector<float> encoding = space.one_hot_encoding(architectures[static_cast<std::size_t>(i)]);
    columns.col(i) = Eigen::Map<const Eigen::VectorXf>(encoding.data(), columns.rows()).cast<double>();
  }
  return columns;
}

Standardization Standardization::of(std::span<const double> values) {
  const Eigen::ArrayXd all = as_vector(values).array();
  const double mean = all.mean();
  const double deviation = std::sqrt((all - mean).square().mean());
  // What rounding makes of equal values is no deviation.
  const double rounding = 16 * std::numeric_limits<double>::epsilon() * all.abs().maxCoeff();
  return {.mean = mean, .scale = deviation > rounding ? deviation : 1.0};
}

Eigen::VectorXd Standardization::apply(std::span<const double> values) const {
  return (as_vector(values).array() - mean) / scale;
}

}  // namespace predictors
