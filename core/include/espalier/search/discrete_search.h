#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <unordered_map>

#include "espalier/plugin/export.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/search/journal.h"
#include "espalier/search/resources.h"
#include "espalier/search/trainer.h"

namespace espalier {

/// A discrete search under way: what every trainer that drives a DiscreteOptimizer does alike. It makes
/// trials on the objective function, writes their events, keeps checkpoints and sums up the costs.
///
///     DiscreteSearch search(optimizer, resources, journal);
///     while (search.trials() < 1000) search.step(1000);
///     return search.result();
///
/// All functions are [one-thread].
class ESPALIER_EXPORT DiscreteSearch {
 public:
  /// Throws UsageError when the optimizer asks for no trials or the resources have no objective. A trainer
  /// calls it in check_impl().
  static void check(const Trainer& trainer, const Optimizer& optimizer, const Resources& resources);

  /// Continues from the journal's checkpoint where it has one. All three outlive it, and check() let them
  /// pass. Throws Error when the checkpoint is damaged.
  DiscreteSearch(Optimizer& optimizer, const Resources& resources, Journal& journal);

  /// Makes a trial: asks until `pending` trials are pending, gives the oldest its outcome and journals it.
  /// `total` is how many trials the search makes at most. Outcomes are told in the order of the asks, so that
  /// a result does not depend on which trial ends first. Throws Interrupted after a checkpoint when the
  /// journal asks to stop.
  void step(std::uint64_t total, std::size_t pending = 1);

  /// How many trials were told.
  std::uint64_t trials() const { return optimizer_.told(); }
  /// What they cost in simulated training seconds.
  double seconds() const { return seconds_; }
  /// How many trials have ended since the best one was found.
  std::uint64_t since_best() const { return trials() - best_at_; }

  /// What the search found. Call it once, at the end: it keeps the state from which a longer search
  /// continues.
  SearchResult result();

 private:
  void keep_for_growth();
  void restore(const nlohmann::json& state);
  nlohmann::json state() const;
  Outcome outcome_of(const Trial& trial);
  std::optional<double> report_of(const Architecture& architecture) const;

  DiscreteOptimizer& optimizer_;
  const ObjectiveFunction& objective_;
  const Report* report_;
  Journal& journal_;
  bool kept_for_growth_ = false;
  double seconds_ = 0.0;
  std::uint64_t best_at_ = 0;
  std::optional<double> best_report_;
  /// The highest fidelity that each architecture reached, where trials continue.
  std::unordered_map<Architecture, Fidelity> reached_;
};

}  // namespace espalier
