#pragma once

#include <Eigen/Core>
#include <cstddef>

#include "mlp.h"

/// How a network of the ensemble is trained.
struct Training {
  std::size_t epochs;
  std::size_t batch_size;
  double learning_rate;
};

/// Trains `network` with Adam (Kingma & Ba, 2015), which minimizes the mean absolute error of its outputs for
/// `inputs` [features, points]. Every epoch takes the points in another order, drawn from `rng`.
void train(Mlp& network, const Eigen::MatrixXf& inputs, const Eigen::RowVectorXf& targets,
           const Training& training, espalier::Rng& rng);
