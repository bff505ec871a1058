#include <espalier/plugin/plugin.h>
#include <espalier/search/discrete_optimizer.h>
#include <espalier/space/architecture_json.h>

#include <cmath>

/// Simulated annealing (Kirkpatrick et al., 1983): tries a mutation of the current architecture and moves to
/// it if it is better, or else with a probability that falls with the loss of accuracy and with time.
class MyOptimizer final : public espalier::DiscreteOptimizer {
 public:
  explicit MyOptimizer(const espalier::Config& config)
      : temperature_(
            config.number("temperature", 1.0,
                          "the loss, in points of the objective, that is first accepted once in e times",
                          espalier::at_least(1e-6))),
        cooling_(config.number("cooling", 0.98, "the factor by which each trial lowers the temperature",
                               espalier::between(1e-6, 1.0))) {}

 protected:
  espalier::Proposal ask_impl(espalier::Rng& rng) override {
    return told() == 0 ? space().sample(rng) : space().mutate(current_, rng);
  }

  void tell_impl(const espalier::Trial& trial, const espalier::Outcome& outcome) override {
    const double temperature = temperature_ * std::pow(cooling_, static_cast<double>(told()));
    const double acceptance = std::exp((outcome.value() - value_) / temperature);
    espalier::Rng rng(seed(), "acceptance", told());
    if (told() > 1 && rng.uniform() >= acceptance) return;
    current_ = trial.architecture;
    value_ = outcome.value();
  }

  void save_impl(nlohmann::json& state) const override {
    state["current"] = current_;
    state["value"] = value_;
  }
  void load_impl(const nlohmann::json& state) override {
    state.at("current").get_to(current_);
    state.at("value").get_to(value_);
    if (current_.size() > 0) space().check(current_);
  }

 private:
  double temperature_;
  double cooling_;
  espalier::Architecture current_;
  double value_ = 0.0;  ///< the outcome of current_
};

ESPALIER_OPTIMIZER(my_optimizer, MyOptimizer, "1.0.0")
