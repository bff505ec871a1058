#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/space/architecture.h"
#include "espalier/space/search_space.h"

namespace espalier {

/// A search strategy. It knows no space: only the graph and the discrete view that every space has.
class ESPALIER_EXPORT Optimizer : public Plugin {
 public:
  ~Optimizer() override;

  /// Begins a search on `space`, which outlives the optimizer. Called once, before anything else.
  void adapt(const SearchSpace& space, std::uint64_t seed);

  /// What the search found. Throws Error before there is anything.
  Architecture final_architecture() const;

  /// The whole state of a search, so that an optimizer of the same options, adapted to the same
  /// space and seed, goes on from it to the same end. load() throws Error for a state that is not its
  /// own.
  nlohmann::json save() const;
  void load(const nlohmann::json& state);

  bool adapted() const { return space_ != nullptr; }
  /// Only after adapt().
  const SearchSpace& space() const { return *space_; }
  std::uint64_t seed() const { return seed_; }

 protected:
  Optimizer() = default;
  /// Runs at the end of adapt().
  virtual void on_adapt() {}
  virtual Architecture do_final_architecture() const = 0;
  virtual nlohmann::json do_save() const = 0;
  virtual void do_load(const nlohmann::json& state) = 0;

 private:
  const SearchSpace* space_ = nullptr;
  std::uint64_t seed_ = 0;
};

}  // namespace espalier
