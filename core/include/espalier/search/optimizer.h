#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/space/architecture.h"
#include "espalier/space/search_space.h"

namespace espalier {

/// A search strategy. It knows no particular space: only the graph and the discrete view that every space
/// has.
///
/// A plugin derives from DiscreteOptimizer or OneShotOptimizer, which a bundled trainer can drive, or from
/// this class, and then it brings a trainer of its own.
class ESPALIER_EXPORT Optimizer : public Plugin {
 public:
  ~Optimizer() override;

  /// [one-thread] Begins a search on `space`, which outlives the optimizer. Call it once, before anything
  /// else. Throws Error at a second call.
  void adapt(const SearchSpace& space, std::uint64_t seed);

  /// [one-thread] What the search found. Throws Error while it has found nothing.
  Architecture final_architecture() const;

  /// [one-thread] The whole state of a search, from which an optimizer with the same options, adapted to the
  /// same space and seed, goes on to the same end.
  nlohmann::json save() const;
  /// [one-thread] Continues from what save() returned. Throws Error when the state is damaged or belongs to
  /// another optimizer, space or seed; the optimizer is then of no further use.
  void load(const nlohmann::json& state);

  /// [any-thread]
  bool adapted() const { return space_ != nullptr; }
  /// [any-thread] Call it only after adapt().
  const SearchSpace& space() const { return *space_; }
  /// [any-thread]
  std::uint64_t seed() const { return seed_; }

 protected:
  Optimizer() = default;

  /// Runs at the end of adapt(), when space() and seed() are known.
  virtual void adapt_impl() {}
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

  const SearchSpace* space_ = nullptr;
  std::uint64_t seed_ = 0;
};

}  // namespace espalier
