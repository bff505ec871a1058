#include <cmath>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/search/predictor.h"
#include "matrix_json.h"
#include "mlp.h"
#include "one_hot.h"
#include "training.h"

using namespace espalier;
using namespace predictors;

/// The ensemble of BANANAS (White et al., 2021): several small networks that differ in their initial weights
/// and in the order of their batches. Their mean is the prediction, and what they disagree about is
/// uncertain.
class MlpEnsemble final : public Predictor {
 public:
  explicit MlpEnsemble(const Config& config)
      : members_(config.integer<std::size_t>("members", 5, "how many networks the ensemble has",
                                             between(2, 1000))),
        layers_(config.integer<Eigen::Index>("layers", 10, "how many hidden layers a network has",
                                             between(1, 100))),
        width_(config.integer<Eigen::Index>("width", 20, "how many units a hidden layer has",
                                            between(1, 10'000))),
        training_{.epochs = config.integer<std::size_t>(
                      "epochs", 150, "how many epochs a network is trained for", between(1, 1'000'000)),
                  .batch_size = config.integer<std::size_t>(
                      "batch_size", 32, "how many architectures a step learns from", between(1, 1'000'000)),
                  .learning_rate =
                      config.number("learning_rate", 0.01, "the learning rate of Adam", between(1e-6, 1.0))} {
  }

 protected:
  void fit_impl(std::span<const Architecture> architectures, std::span<const double> values,
                std::uint64_t seed) override {
    standardization_ = Standardization::of(values);
    const Eigen::MatrixXf inputs = features(space(), architectures).cast<float>();
    const Eigen::RowVectorXf targets = standardization_.apply(values).cast<float>();
    networks_.clear();
    for (std::size_t i = 0; i < members_; ++i) {
      Rng rng(seed, "mlp_ensemble", i);
      Mlp& network = networks_.emplace_back(inputs.rows(), layers_, width_);
      network.initialize(rng);
      train(network, inputs, targets, training_, rng);
    }
  }

  Prediction predict_impl(const Architecture& architecture) const override {
    const Eigen::MatrixXf input = features(space(), {&architecture, 1}).cast<float>();
    Eigen::ArrayXd outputs(static_cast<Eigen::Index>(networks_.size()));
    std::ranges::transform(networks_, outputs.begin(),
                           [&](const Mlp& network) { return network.outputs(input)(0); });
    const double mean = outputs.mean();
    const double variance = (outputs - mean).square().mean();
    return {.mean = standardization_.mean + standardization_.scale * mean,
            .deviation = standardization_.scale * std::sqrt(variance)};
  }

  void save_impl(nlohmann::json& state) const override {
    state = {{"mean", standardization_.mean},
             {"scale", standardization_.scale},
             {"networks", nlohmann::json::array()}};
    for (const Mlp& network : networks_)
      state["networks"].push_back(to_state(network.weights().cast<double>()));
  }

  void load_impl(const nlohmann::json& state) override {
    standardization_ = {.mean = finite(state.at("mean")), .scale = finite(state.at("scale"))};
    networks_.clear();
    for (const nlohmann::json& weights : state.at("networks")) {
      Mlp& network = networks_.emplace_back(feature_count(space()), layers_, width_);
      network.weights() = from_state(weights, network.size()).cast<float>();
    }
    if (networks_.size() != members_) {
      throw Error({.what = "it has " + std::to_string(networks_.size()) + " networks",
                   .expected = std::to_string(members_)});
    }
    if (standardization_.scale <= 0) throw Error({.what = "it has a scale that is not above 0"});
  }

 private:
  std::size_t members_;
  Eigen::Index layers_;
  Eigen::Index width_;
  Training training_;
  Standardization standardization_;
  std::vector<Mlp> networks_;
};

ESPALIER_PREDICTOR(mlp_ensemble, MlpEnsemble, "1.0.0")
