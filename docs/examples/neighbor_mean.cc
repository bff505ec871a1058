#include <espalier/errors/errors.h>
#include <espalier/plugin/plugin.h>
#include <espalier/search/predictor.h>
#include <espalier/space/architecture_json.h>

#include <algorithm>
#include <cmath>

/// The mean of all known values, of which those of similar architectures weigh most.
class NeighborMean final : public espalier::Predictor {
 public:
  explicit NeighborMean(const espalier::Config& config)
      : fade_(config.number("fade", 0.2, "what a choice that differs multiplies a value's weight by",
                            espalier::between(0.1, 1.0))) {}

 protected:
  void fit_impl(std::span<const espalier::Architecture> architectures, std::span<const double> values,
                std::uint64_t /*seed*/) override {
    architectures_.assign(architectures.begin(), architectures.end());
    values_.assign(values.begin(), values.end());
  }

  espalier::Prediction predict_impl(const espalier::Architecture& architecture) const override {
    double weights = 0.0;
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      double weight = 1.0;
      for (std::size_t j = 0; j < architecture.size(); ++j)
        if (architectures_[i][j] != architecture[j]) weight *= fade_;
      weights += weight;
      sum += weight * values_[i];
      squares += weight * values_[i] * values_[i];
    }
    const double mean = sum / weights;
    return {.mean = mean, .deviation = std::sqrt(std::max(0.0, squares / weights - mean * mean))};
  }

  void save_impl(nlohmann::json& state) const override {
    state = {{"architectures", architectures_}, {"values", values_}};
  }
  void load_impl(const nlohmann::json& state) override {
    state.at("architectures").get_to(architectures_);
    state.at("values").get_to(values_);
    for (const espalier::Architecture& architecture : architectures_) space().check(architecture);
    if (values_.empty() || values_.size() != architectures_.size())
      throw espalier::Error({.what = "it has another number of values than of architectures"});
  }

 private:
  double fade_;
  std::vector<espalier::Architecture> architectures_;
  std::vector<double> values_;
};

ESPALIER_PREDICTOR(neighbor_mean, NeighborMean, "1.0.0")
