#include <algorithm>
#include <span>
#include <unordered_set>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/search/predictor.h"
#include "espalier/space/architecture_json.h"

using namespace espalier;

/// BANANAS (White et al., 2021): each round fits a predictor to all that was told, and asks about those
/// mutants of the best that win an independent Thompson sampling.
class Bananas final : public DiscreteOptimizer {
 public:
  explicit Bananas(const Config& config)
      : predictor_(
            config.component<Predictor>("predictor", "mlp_ensemble", "what predicts the value of a mutant")),
        initial_(count(config, "initial", 10, "how many random architectures are tried first")),
        round_(count(config, "round_size", 10, "how many mutants are tried between two fits")),
        candidates_(count(config, "candidates", 100, "how many new mutants a round chooses from")),
        parents_(count(config, "parents", 10,
                       "how many of the best a round mutates, or more where too few mutants are new")) {}

 protected:
  void adapt_impl() override { predictor_->adapt(space()); }

  Proposal ask_impl(Rng& rng) override {
    if (asked() >= initial_ && ahead_.empty()) begin_round(rng);
    if (ahead_.empty()) return space().sample(rng);
    const Architecture next = ahead_.back();
    ahead_.pop_back();
    return next;
  }

  void tell_impl(const Trial& trial, const Outcome& outcome) override {
    const auto place = std::ranges::upper_bound(values_, outcome.value(), std::greater());
    tried_.insert(tried_.begin() + (place - values_.begin()), trial.architecture);
    values_.insert(place, outcome.value());
  }

  void save_impl(nlohmann::json& state) const override { to_json(state, *this); }
  void load_impl(const nlohmann::json& state) override {
    from_json(state, *this);
    for (const auto* list : {&tried_, &ahead_})
      for (const Architecture& architecture : *list) space().check(architecture);
    if (tried_.size() != values_.size()) throw Error({.what = "it lacks some of the values"});
  }

 private:
  static std::size_t count(const Config& config, const char* name, std::size_t fallback, const char* help) {
    return config.integer(name, fallback, help, between(1, 1'000'000));
  }

  void begin_round(Rng& rng) {
    std::unordered_set<Architecture> known(tried_.begin(), tried_.end());
    for (const Trial& trial : pending()) known.insert(trial.architecture);
    std::vector<std::pair<double, Architecture>> mutants;
    for (const Architecture& parent : tried_)
      for (std::size_t i = 0; i * parents_ < candidates_ && mutants.size() < candidates_; ++i) {
        const Architecture mutant = space().mutate(parent, rng);
        if (known.insert(mutant).second && allowed(mutant)) mutants.emplace_back(0.0, mutant);
      }
    if (mutants.empty()) return;  // a small space: nothing is new
    predictor_->fit(tried_, values_, rng());
    for (auto& [drawn, mutant] : mutants) {
      const Prediction expected = predictor_->predict(mutant);
      drawn = expected.mean + expected.deviation * rng.normal();
    }
    std::ranges::sort(mutants);
    for (const auto& [drawn, mutant] : std::span(mutants).last(std::min(mutants.size(), round_)))
      ahead_.push_back(mutant);
  }

  std::unique_ptr<Predictor> predictor_;
  std::size_t initial_, round_, candidates_, parents_;
  std::vector<Architecture> tried_;  ///< the best first
  std::vector<double> values_;       ///< of tried_
  std::vector<Architecture> ahead_;  ///< of this round, the best last
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(Bananas, tried_, values_, ahead_)
};

ESPALIER_OPTIMIZER(bananas, Bananas, "1.0.0")
