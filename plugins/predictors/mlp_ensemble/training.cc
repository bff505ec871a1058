#include "training.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

using Eigen::ArrayXf;
using Eigen::Index;

namespace {

/// Adam with its published settings.
class Adam {
 public:
  Adam(Index size, double learning_rate)
      : learning_rate_(learning_rate), mean_(ArrayXf::Zero(size)), square_(ArrayXf::Zero(size)) {}

  void step(Eigen::VectorXf& weights, const Eigen::VectorXf& gradient) {
    constexpr double kMeanDecay = 0.9;
    constexpr double kSquareDecay = 0.999;
    constexpr float kEpsilon = 1e-8F;
    mean_decay_ *= kMeanDecay;
    square_decay_ *= kSquareDecay;
    const auto keep_mean = static_cast<float>(kMeanDecay);
    const auto keep_square = static_cast<float>(kSquareDecay);
    mean_ = keep_mean * mean_ + (1.0F - keep_mean) * gradient.array();
    square_ = keep_square * square_ + (1.0F - keep_square) * gradient.array().square();
    // Both begin at 0, which the corrections make up for.
    const auto rate = static_cast<float>(learning_rate_ / (1.0 - mean_decay_));
    const auto correction = static_cast<float>(1.0 / std::sqrt(1.0 - square_decay_));
    weights.array() -= rate * mean_ / (square_.sqrt() * correction + kEpsilon);
  }

 private:
  double learning_rate_;
  double mean_decay_ = 1.0;
  double square_decay_ = 1.0;
  ArrayXf mean_;
  ArrayXf square_;
};

void shuffle(std::vector<Index>& order, espalier::Rng& rng) {
  for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[rng.below(left)]);
}

}  // namespace

void train(Mlp& network, const Eigen::MatrixXf& inputs, const Eigen::RowVectorXf& targets,
           const Training& training, espalier::Rng& rng) {
  Adam adam(network.size(), training.learning_rate);
  Mlp::Workspace workspace;
  Eigen::VectorXf gradient;
  std::vector<Index> order(static_cast<std::size_t>(inputs.cols()));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t epoch = 0; epoch < training.epochs; ++epoch) {
    shuffle(order, rng);
    for (std::size_t begin = 0; begin < order.size(); begin += training.batch_size) {
      const std::size_t count = std::min(training.batch_size, order.size() - begin);
      const std::vector<Index> batch(order.begin() + static_cast<std::ptrdiff_t>(begin),
                                     order.begin() + static_cast<std::ptrdiff_t>(begin + count));
      network.gradient_of_error(inputs(Eigen::all, batch), targets(batch), workspace, gradient);
      adam.step(network.weights(), gradient);
    }
  }
}
