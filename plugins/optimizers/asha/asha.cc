#include <map>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/space/architecture_json.h"

using namespace espalier;

/// ASHA (Li et al., 2020): successive halving that never waits. It promotes what is among the best 1/eta of a
/// rung to the next fidelity; where there is nothing to promote, it samples for the lowest rung.
class Asha final : public DiscreteOptimizer {
 public:
  explicit Asha(const Config& config)
      : eta_(config.integer("eta", 3, "a rung promotes one of so many of its architectures",
                            between(2, 1000))),
        lowest_(config.integer("min_fidelity", 0,
                               "the epochs of the lowest rung; 0: the fewest that are offered", at_least(0))),
        where_(to_string(config.where("min_fidelity"))) {}

 protected:
  /// The rungs are the fidelities nearest to min, min·eta, min·eta², …, and full fidelity.
  void adapt_impl() override {
    const auto offered = problem().fidelities.empty() ? std::vector{0} : problem().fidelities;
    if (lowest_ > offered.back())
      throw UsageError({.what = "min_fidelity is above full fidelity: " + std::to_string(lowest_),
                        .where = where_,
                        .expected = "at most " + std::to_string(offered.back())});
    for (double at = lowest_ > 0 ? lowest_ : offered.front(); at < offered.back(); at *= eta_)
      rungs_[std::ranges::min(offered, {}, [at](Fidelity each) { return std::abs(each - at); })];
    rungs_[offered.back()];
  }

  Proposal ask_impl(Rng& rng) override {
    for (auto upper = rungs_.rbegin(), lower = std::next(upper); lower != rungs_.rend(); upper = lower++) {
      auto left = static_cast<int>(lower->second.size()) / eta_;
      for (auto entry = lower->second.begin(); left > 0; ++entry, --left)
        if (!std::exchange(entry->second, true)) return {entry->first.second, upper->first};
    }
    return {space().sample(rng), rungs_.begin()->first};
  }

  void tell_impl(const Trial& trial, const Outcome& outcome) override {
    rungs_.at(trial.fidelity).emplace(std::pair(outcome.value(), trial.architecture), false);
  }

  void save_impl(nlohmann::json& state) const override {
    for (const auto& [fidelity, rung] : rungs_) state[std::to_string(fidelity)] = rung;
  }
  void load_impl(const nlohmann::json& state) override {
    for (auto& [fidelity, rung] : rungs_) {
      state.at(std::to_string(fidelity)).get_to(rung);
      for (const auto& [entry, promoted] : rung) space().check(entry.second);
    }
  }

 private:
  /// Whether each was promoted. The best come first.
  using Rung = std::map<std::pair<double, Architecture>, bool, std::greater<>>;

  int eta_;
  Fidelity lowest_;
  std::string where_;  ///< of min_fidelity
  std::map<Fidelity, Rung> rungs_;
};

ESPALIER_OPTIMIZER(asha, Asha, "1.0.0")
