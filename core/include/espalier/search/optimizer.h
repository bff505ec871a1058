#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/search/search_problem.h"
#include "espalier/space/architecture.h"
#include "espalier/space/search_space.h"

namespace espalier {

/// How many objectives an optimizer can search for.
enum class ObjectiveCount { one, any };

/// A search strategy. It knows no particular space: only the graph and the discrete view that every space
/// has.
///
/// A plugin derives from DiscreteOptimizer or OneShotOptimizer, which a bundled trainer can drive, or from
/// this class, and then it brings a trainer of its own.
class ESPALIER_EXPORT Optimizer : public Plugin {
 public:
  ~Optimizer() override;

  /// [one-thread] Begins a search. Call it once, before anything else. Throws UsageError when the problem has
  /// several objectives and the optimizer searches for one, and Error at a second call.
  void adapt(const SearchProblem& problem);

  /// [one-thread] What the search found. Throws Error while it has found nothing.
  Architecture final_architecture() const;

  /// [one-thread] The whole state of a search, from which an optimizer with the same options, adapted to the
  /// same problem, goes on to the same end.
  nlohmann::json save() const;
  /// [one-thread] Continues from what save() returned. Throws Error when the state is damaged or belongs to
  /// another optimizer, space or seed; the optimizer is then of no further use.
  void load(const nlohmann::json& state);

  /// [any-thread]
  bool adapted() const { return problem_.has_value(); }
  /// [any-thread] Whether adapt_impl() read the budget. What such an optimizer proposes depends on how long
  /// the search lasts, so that a search that has ended cannot be made longer: it starts over.
  bool reads_budget() const { return reads_budget_; }
  /// [any-thread] What adapt() was given, but for the budget. Call it, and the functions below, only after
  /// adapt().
  const SearchProblem& problem() const { return *problem_; }
  /// [any-thread]
  const SearchSpace& space() const { return problem_->space; }
  /// [any-thread]
  std::uint64_t seed() const { return problem_->seed; }
  /// [any-thread] Whether an architecture keeps the constraints of the search. What is not allowed is never
  /// tried.
  bool allowed(const Architecture& architecture) const {
    return !problem_->allowed || problem_->allowed(architecture);
  }

 protected:
  explicit Optimizer(ObjectiveCount objectives = ObjectiveCount::one) : objectives_(objectives) {}

  /// Runs at the end of adapt(), when problem() is known.
  virtual void adapt_impl() {}
  /// What the whole search may spend, for an optimizer that plans with it. Call it in adapt_impl(); throws
  /// Error anywhere else.
  const Budget& budget();
  virtual Architecture final_architecture_impl() const = 0;
  /// Writes to `state`, an empty object, what a plugin keeps beyond its base class.
  virtual void save_impl(nlohmann::json& /*state*/) const {}
  /// Reads back what save_impl() wrote. Any exception of json or Espalier that leaves it means a damaged
  /// state.
  virtual void load_impl(const nlohmann::json& /*state*/) {}

 private:
  /// The same for what DiscreteOptimizer and OneShotOptimizer keep, in the same object as the name and seed.
  virtual void save_base(nlohmann::json& /*state*/) const {}
  virtual void load_base(const nlohmann::json& /*state*/) {}

  ObjectiveCount objectives_;
  std::optional<SearchProblem> problem_;
  std::optional<Budget> budget_;  ///< while adapt() runs
  bool reads_budget_ = false;
};

}  // namespace espalier
