#pragma once

#include <cstdint>
#include <vector>

#include "espalier/search/optimizer.h"
#include "espalier/search/outcome.h"

namespace espalier {

/// An optimizer that asks about one architecture after another.
///
/// Several asks may be pending; each is told once, in any order. The final architecture is the best one told,
/// and the first of equals. A plugin implements ask_impl(), and tell_impl() where it learns, and saves what
/// it keeps; this class keeps the pending asks, the counts and the best architecture.
class ESPALIER_EXPORT DiscreteOptimizer : public Optimizer {
 public:
  ~DiscreteOptimizer() override;

  /// [one-thread] The next architecture to try. Throws Error before adapt(), and when the plugin's answer is
  /// no architecture of the space.
  Architecture ask();
  /// [one-thread] Gives the outcome of an ask. Throws Error when `architecture` is not pending or the outcome
  /// is not finite.
  void tell(const Architecture& architecture, const Outcome& outcome);

  /// [one-thread]
  std::uint64_t asked() const { return asked_; }
  /// [one-thread]
  std::uint64_t told() const { return told_; }
  /// [one-thread] Asked and not told yet, oldest first.
  const std::vector<Architecture>& pending() const { return pending_; }

 protected:
  DiscreteOptimizer() = default;

  /// Proposes an architecture. `rng` is a fresh stream for each ask.
  virtual Architecture ask_impl(Rng& rng) = 0;
  /// Learns from an outcome.
  virtual void tell_impl(const Architecture& /*architecture*/, const Outcome& /*outcome*/) {}

  Architecture final_architecture_impl() const override;

 private:
  void save_base(nlohmann::json& state) const final;
  void load_base(const nlohmann::json& state) final;

  std::uint64_t asked_ = 0;
  std::uint64_t told_ = 0;
  std::vector<Architecture> pending_;
  Architecture best_;
  Outcome best_outcome_;
};

}  // namespace espalier
