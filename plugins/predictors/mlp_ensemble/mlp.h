#pragma once

#include <Eigen/Core>
#include <vector>

#include "espalier/random/random.h"

/// A multilayer perceptron with one output: hidden layers of equal width with ReLU, and a linear last one.
/// All its weights lie in one vector, so that whatever trains it is one formula.
class Mlp {
 public:
  Mlp(Eigen::Index inputs, Eigen::Index hidden_layers, Eigen::Index width);

  Eigen::Index size() const { return weights_.size(); }
  const Eigen::VectorXf& weights() const { return weights_; }
  Eigen::VectorXf& weights() { return weights_; }

  /// Draws weights whose variance is 2 / inputs, which keeps the scale of activations from layer to layer (He
  /// et al., 2015); biases are 0.
  void initialize(espalier::Rng& rng);

  /// [points]: the outputs for inputs [features, points].
  Eigen::RowVectorXf outputs(const Eigen::MatrixXf& inputs) const;

  /// What layers compute for a batch; reused, so that steps take no memory.
  struct Workspace {
    std::vector<Eigen::MatrixXf> activations;  ///< [units, points] after each layer
    Eigen::MatrixXf gradient;                  ///< of the activations
    Eigen::MatrixXf next;
  };
  /// Writes to `gradient` how the mean absolute error for a batch depends on each weight.
  void gradient_of_error(const Eigen::MatrixXf& inputs, const Eigen::RowVectorXf& targets,
                         Workspace& workspace, Eigen::VectorXf& gradient) const;

 private:
  /// A layer's place in the vector: first [outputs, inputs], then [outputs] biases.
  struct Layer {
    Eigen::Index inputs;
    Eigen::Index outputs;
    Eigen::Index begin;

    Eigen::Map<Eigen::MatrixXf> matrix(Eigen::VectorXf& all) const {
      return {all.data() + begin, outputs, inputs};
    }
    Eigen::Map<const Eigen::MatrixXf> matrix(const Eigen::VectorXf& all) const {
      return {all.data() + begin, outputs, inputs};
    }
    auto bias(auto& all) const { return all.segment(begin + outputs * inputs, outputs); }
  };

  void forward(const Eigen::MatrixXf& inputs, std::vector<Eigen::MatrixXf>& activations) const;

  std::vector<Layer> layers_;
  Eigen::VectorXf weights_;
};
