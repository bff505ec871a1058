#include <Eigen/Cholesky>
#include <cmath>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/search/predictor.h"
#include "matrix_json.h"
#include "one_hot.h"

using namespace espalier;
using namespace predictors;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Bayesian ridge regression on the one-hot encoding: a weight for each candidate of each choice (Bishop,
/// 2006, section 3.3). With standardized values y, the encodings X as columns, and weights that are normal
/// with the variance noise / alpha beforehand,
///
///     A = X Xᵀ + alpha I,   w = A⁻¹ X y,   value of x ~ N(wᵀ x, noise (1 + xᵀ A⁻¹ x)).
///
/// The noise is the one that makes y most likely, (yᵀ y - wᵀ X y) / n, with one observation more that is a
/// deviation away from its prediction: few values that happen to fit perfectly do not make it certain.
class Ridge final : public Predictor {
 public:
  explicit Ridge(const Config& config)
      : alpha_(config.number(
            "alpha", 1.0,
            "how strongly weights are drawn to 0: the precision that they have before any value is "
            "known, relative to the precision of a value",
            between(1e-6, 1e6))) {}

 protected:
  void fit_impl(std::span<const Architecture> architectures, std::span<const double> values,
                std::uint64_t /*seed*/) override {
    standardization_ = Standardization::of(values);
    const MatrixXd x = features(space(), architectures);
    const VectorXd y = standardization_.apply(values);
    const VectorXd xy = x * y;
    const Eigen::LLT<MatrixXd> a(x * x.transpose() + alpha_ * MatrixXd::Identity(x.rows(), x.rows()));
    factor_ = a.matrixL();
    weights_ = a.solve(xy);
    const double misfit = std::max(0.0, y.squaredNorm() - weights_.dot(xy));
    noise_ = (misfit + 1.0) / static_cast<double>(y.size() + 1);
  }

  Prediction predict_impl(const Architecture& architecture) const override {
    const VectorXd x = features(space(), {&architecture, 1});
    const double distance = factor_.triangularView<Eigen::Lower>().solve(x).squaredNorm();  // xᵀ A⁻¹ x
    const auto [mean, scale] = standardization_;
    return {.mean = mean + scale * weights_.dot(x),
            .deviation = scale * std::sqrt(noise_ * (1.0 + distance))};
  }

  void save_impl(nlohmann::json& state) const override {
    state = {{"mean", standardization_.mean},
             {"scale", standardization_.scale},
             {"noise", noise_},
             {"weights", to_state(weights_)},
             {"factor", to_state(factor_.reshaped())}};
  }

  void load_impl(const nlohmann::json& state) override {
    const Eigen::Index count = feature_count(space());
    standardization_ = {.mean = finite(state.at("mean")), .scale = finite(state.at("scale"))};
    noise_ = finite(state.at("noise"));
    weights_ = from_state(state.at("weights"), count);
    factor_ = from_state(state.at("factor"), count * count).reshaped(count, count);
    if (standardization_.scale <= 0 || noise_ <= 0 || factor_.diagonal().minCoeff() <= 0)
      throw Error({.what = "it has a deviation that is not above 0"});
  }

 private:
  double alpha_;
  Standardization standardization_;
  double noise_ = 1.0;
  VectorXd weights_;
  MatrixXd factor_;  ///< L of A = L Lᵀ
};

ESPALIER_PREDICTOR(ridge, Ridge, "1.0.0")
