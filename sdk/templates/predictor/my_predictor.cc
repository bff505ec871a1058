#include <espalier/errors/errors.h>
#include <espalier/plugin/plugin.h>
#include <espalier/search/predictor.h>

#include <cmath>
#include <nlohmann/json.hpp>

/// Expects the mean of all values and, for each candidate of an architecture, as much more as the values with
/// this candidate are above it.
class MyPredictor final : public espalier::Predictor {
 public:
  explicit MyPredictor(const espalier::Config& config)
      : doubt_(config.number("doubt", 1.0, "how many values a candidate must have to count by half",
                             espalier::between(0.1, 1000.0))) {}

 protected:
  void fit_impl(std::span<const espalier::Architecture> architectures, std::span<const double> values,
                std::uint64_t /*seed: it draws nothing*/) override {
    const auto count = static_cast<double>(values.size());
    mean_ = 0.0;
    for (const double value : values) mean_ += value / count;
    std::vector<double> counts(features(), doubt_);
    effects_.assign(features(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::vector<float> chosen = space().one_hot_encoding(architectures[i]);
      for (std::size_t j = 0; j < chosen.size(); ++j) {
        effects_[j] += chosen[j] * (values[i] - mean_);
        counts[j] += chosen[j];
      }
    }
    for (std::size_t j = 0; j < counts.size(); ++j) effects_[j] /= counts[j];
    double squares = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i)
      squares += std::pow(values[i] - mean_of(architectures[i]), 2);
    deviation_ = std::sqrt(squares / count);
  }

  espalier::Prediction predict_impl(const espalier::Architecture& architecture) const override {
    return {.mean = mean_of(architecture), .deviation = deviation_};
  }

  void save_impl(nlohmann::json& state) const override {
    state = {{"mean", mean_}, {"deviation", deviation_}, {"effects", effects_}};
  }

  /// Whatever could make predict_impl() fail is refused here.
  void load_impl(const nlohmann::json& state) override {
    state.at("mean").get_to(mean_);
    state.at("deviation").get_to(deviation_);
    state.at("effects").get_to(effects_);
    if (effects_.size() != features())
      throw espalier::Error({.what = "it has another number of effects than the space has candidates"});
  }

 private:
  /// The number of candidates of all choices.
  std::size_t features() const {
    std::size_t count = 0;
    for (const espalier::Choice& choice : space().choices()) count += choice.candidates.size();
    return count;
  }

  double mean_of(const espalier::Architecture& architecture) const {
    const std::vector<float> chosen = space().one_hot_encoding(architecture);
    double mean = mean_;
    for (std::size_t j = 0; j < chosen.size(); ++j) mean += chosen[j] * effects_[j];
    return mean;
  }

  double doubt_;
  double mean_ = 0.0;
  double deviation_ = 0.0;
  std::vector<double> effects_;  ///< of each candidate of each choice
};

ESPALIER_PREDICTOR(my_predictor, MyPredictor, "1.0.0")
