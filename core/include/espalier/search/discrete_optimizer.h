#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "espalier/search/optimizer.h"
#include "espalier/search/outcome.h"

namespace espalier {

/// An optimizer that asks for the evaluation of one architecture after another.
///
/// Several asks may be pending; each is told once, in any order. The best architecture told (the
/// first of equals) is the final one. A plugin implements propose(), and observe() where it learns,
/// and saves what it keeps; pending asks, counts and the best are kept here.
class ESPALIER_EXPORT DiscreteOptimizer : public Optimizer {
 public:
  ~DiscreteOptimizer() override;

  /// The next architecture to evaluate.
  Architecture ask();
  /// Throws Error when `architecture` was not asked, or the evaluation is not finite.
  void tell(const Architecture& architecture, const Evaluation& evaluation);

  std::uint64_t asked() const { return asked_; }
  std::uint64_t told() const { return told_; }
  /// Asked and not told yet, oldest first.
  const std::vector<Architecture>& pending() const { return pending_; }

 protected:
  DiscreteOptimizer() = default;

  /// Proposes an architecture; `rng` is a fresh stream for each ask.
  virtual Architecture propose(Rng& rng) = 0;
  virtual void observe(const Architecture& /*architecture*/, const Evaluation& /*evaluation*/) {}
  /// What a plugin keeps beyond the base: write it to `state`, read it back. Whatever load_state()
  /// throws of json's and Espalier's errors becomes an Error about a damaged state.
  virtual void save_state(nlohmann::json& /*state*/) const {}
  virtual void load_state(const nlohmann::json& /*state*/) {}

  Architecture do_final_architecture() const override;

 private:
  nlohmann::json do_save() const final;
  void do_load(const nlohmann::json& state) final;

  std::uint64_t asked_ = 0;
  std::uint64_t told_ = 0;
  std::vector<Architecture> pending_;
  Architecture best_;
  Evaluation best_evaluation_;
};

}  // namespace espalier
