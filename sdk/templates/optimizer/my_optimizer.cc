#include <espalier/plugin/plugin.h>
#include <espalier/search/discrete_optimizer.h>
#include <espalier/space/architecture_json.h>

#include <cmath>

/// Simulated annealing (Kirkpatrick et al., 1983): evaluates a mutation of where it stands, and moves there
/// where that is better, or else with a probability that falls with the loss and with time.
class MyOptimizer final : public espalier::DiscreteOptimizer {
 public:
  explicit MyOptimizer(const espalier::Config& config)
      : temperature_(config.number("temperature", 1.0, "a loss so large is accepted at first in 1 of e times",
                                   espalier::at_least(1e-6))),
        cooling_(config.number("cooling", 0.98, "what an evaluation multiplies the temperature by",
                               espalier::between(1e-6, 1.0))) {}

 private:
  espalier::Architecture ask_impl(espalier::Rng& rng) override {
    return told() == 0 ? space().sample(rng) : space().mutate(current_, rng);
  }

  void tell_impl(const espalier::Architecture& architecture, const espalier::Outcome& outcome) override {
    const double temperature = temperature_ * std::pow(cooling_, static_cast<double>(told()));
    const double acceptance = std::exp((outcome.value - value_) / temperature);
    espalier::Rng rng(seed(), "acceptance", told());
    if (told() > 1 && rng.uniform() >= acceptance) return;
    current_ = architecture;
    value_ = outcome.value;
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

  double temperature_;
  double cooling_;
  espalier::Architecture current_;  ///< where it stands
  double value_ = 0.0;              ///< of current_
};

ESPALIER_OPTIMIZER(my_optimizer, MyOptimizer, "1.0.0")
