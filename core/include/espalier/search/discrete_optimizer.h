#pragma once

#include <cstdint>
#include <vector>

#include "espalier/search/optimizer.h"
#include "espalier/search/outcome.h"
#include "espalier/search/trial.h"

namespace espalier {

/// A trial with what it gave.
struct ToldTrial {
  Trial trial;
  Outcome outcome;
};

/// An optimizer that asks for one trial after another.
///
/// Several trials may be pending; each is told once, in any order. The final architecture is the best one
/// told at the highest fidelity that the search reached (by the first objective), and the first of equals. A
/// plugin implements ask_impl(), and tell_impl() where it learns, and saves what it keeps; this class keeps
/// the pending trials, the counts, the best trial and, for several objectives, the front. It also keeps the
/// constraints: it asks the plugin again for what they refuse.
class ESPALIER_EXPORT DiscreteOptimizer : public Optimizer {
 public:
  ~DiscreteOptimizer() override;

  /// How often a plugin is asked again for one trial before the constraints are taken for impossible.
  static constexpr int kDraws = 1000;

  /// [one-thread] The next trial. Throws Error before adapt(), when the plugin's answer is no architecture of
  /// the space or has another fidelity than the problem offers, and when the constraints refuse kDraws
  /// proposals in a row.
  Trial ask();
  /// [one-thread] Gives the outcome of a trial. Throws Error when it is not pending, or when the outcome is
  /// not finite or has another number of values than the problem has objectives.
  void tell(const Trial& trial, const Outcome& outcome);

  /// [one-thread]
  std::uint64_t asked() const { return asked_; }
  /// [one-thread]
  std::uint64_t told() const { return told_; }
  /// [one-thread] How many proposals the constraints refused.
  std::uint64_t refused() const { return refused_; }
  /// [one-thread] Asked and not told yet, oldest first.
  const std::vector<Trial>& pending() const { return pending_; }
  /// [one-thread] The best trial by the first objective, at the highest fidelity that was told. Throws Error
  /// before anything was told.
  const ToldTrial& best() const;
  /// [one-thread] The trials that no other one dominates, at the highest fidelity that was told, in the order
  /// in which they were told. Empty in a search with one objective.
  const std::vector<ToldTrial>& front() const { return front_; }

 protected:
  explicit DiscreteOptimizer(ObjectiveCount objectives = ObjectiveCount::one) : Optimizer(objectives) {}

  /// Proposes an architecture, alone or with a fidelity. `rng` is a fresh stream for each call.
  virtual Proposal ask_impl(Rng& rng) = 0;
  /// Learns from an outcome.
  virtual void tell_impl(const Trial& /*trial*/, const Outcome& /*outcome*/) {}
  /// Learns that the constraints refused its last proposal; ask_impl() is called again next.
  virtual void refused_impl(const Architecture& /*architecture*/) {}

  Architecture final_architecture_impl() const override;

 private:
  void save_base(nlohmann::json& state) const final;
  void load_base(const nlohmann::json& state) final;
  Fidelity checked_fidelity(Fidelity proposed) const;
  void make_canonical(Architecture& proposed) const;
  [[noreturn]] void refuse_all() const;
  void check(const Trial& trial, const Outcome& outcome) const;
  void keep(const Trial& trial, const Outcome& outcome);
  void keep_front(const Trial& trial, const Outcome& outcome, bool higher_fidelity);

  std::uint64_t asked_ = 0;
  std::uint64_t told_ = 0;
  std::uint64_t refused_ = 0;
  std::vector<Trial> pending_;
  ToldTrial best_;
  std::vector<ToldTrial> front_;
};

}  // namespace espalier
