#include "mlp.h"

#include <cmath>

using Eigen::Index;
using Eigen::MatrixXf;

Mlp::Mlp(Index inputs, Index hidden_layers, Index width) {
  Index end = 0;
  for (Index i = 0; i <= hidden_layers; ++i) {
    const Index outputs = i < hidden_layers ? width : 1;
    layers_.push_back({.inputs = inputs, .outputs = outputs, .begin = end});
    end += outputs * (inputs + 1);
    inputs = outputs;
  }
  weights_ = Eigen::VectorXf::Zero(end);
}

void Mlp::initialize(espalier::Rng& rng) {
  weights_.setZero();
  for (const Layer& layer : layers_) {
    // Uniform in ±limit: a normal number takes logarithms, which differ between platforms.
    const double limit = std::sqrt(6.0 / static_cast<double>(layer.inputs));
    for (float& weight : layer.matrix(weights_).reshaped())
      weight = static_cast<float>(limit * (2.0 * rng.uniform() - 1.0));
  }
}

void Mlp::forward(const MatrixXf& inputs, std::vector<MatrixXf>& activations) const {
  activations.resize(layers_.size());
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    MatrixXf& output = activations[i];
    output.noalias() = layers_[i].matrix(weights_) * (i == 0 ? inputs : activations[i - 1]);
    output.colwise() += layers_[i].bias(weights_);
    if (i + 1 < layers_.size()) output = output.cwiseMax(0.0F);
  }
}

Eigen::RowVectorXf Mlp::outputs(const MatrixXf& inputs) const {
  std::vector<MatrixXf> activations;
  forward(inputs, activations);
  return activations.back();
}

void Mlp::gradient_of_error(const MatrixXf& inputs, const Eigen::RowVectorXf& targets, Workspace& workspace,
                            Eigen::VectorXf& gradient) const {
  auto& [activations, upper, lower] = workspace;
  forward(inputs, activations);
  gradient.resize(size());
  upper = (activations.back() - targets).cwiseSign() / static_cast<float>(targets.size());
  for (std::size_t i = layers_.size(); i-- > 0;) {
    const Layer& layer = layers_[i];
    const MatrixXf& input = i == 0 ? inputs : activations[i - 1];
    layer.matrix(gradient).noalias() = upper * input.transpose();
    layer.bias(gradient) = upper.rowwise().sum();
    if (i == 0) break;
    lower.noalias() = layer.matrix(weights_).transpose() * upper;
    upper = (input.array() > 0.0F).select(lower, 0.0F);
  }
}
