#pragma once

#include <Eigen/Core>
#include <span>

#include "espalier/space/search_space.h"

namespace predictors {

/// The number of features of an architecture: the candidates of all choices.
Eigen::Index feature_count(const espalier::SearchSpace& space);

/// [features, architectures]: the one-hot encoding of each architecture is a column.
Eigen::MatrixXd features(const espalier::SearchSpace& space,
                         std::span<const espalier::Architecture> architectures);

/// The shift and scale that give values the mean 0 and the deviation 1.
struct Standardization {
  double mean = 0.0;
  double scale = 1.0;  ///< 1 where all values are equal

  static Standardization of(std::span<const double> values);
  Eigen::VectorXd apply(std::span<const double> values) const;
};

}  // namespace predictors
