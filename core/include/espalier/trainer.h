#pragma once

#include <cstdint>
#include <optional>

#include "espalier/architecture.h"
#include "espalier/errors.h"
#include "espalier/export.h"
#include "espalier/journal.h"
#include "espalier/plugin_base.h"

namespace espalier {

class Benchmark;
class Dataset;
class Optimizer;
class SearchSpace;

/// The search was stopped by the user after a checkpoint; the same run goes on from there.
class ESPALIER_EXPORT Interrupted : public Error {
 public:
  using Error::Error;
  ~Interrupted() override;
};

/// What a search found.
struct SearchResult {
  Architecture architecture;
  std::optional<double> validation;  ///< percent
  std::optional<double> test;        ///< percent
  std::uint64_t evaluations = 0;
  double seconds = 0.0;  ///< what the search cost in (simulated) training seconds
};

/// What a search may draw on; null where the config names none.
struct Resources {
  const Benchmark* benchmark = nullptr;
  const Dataset* dataset = nullptr;
};

/// Drives an optimizer that has been adapted to its space.
class ESPALIER_EXPORT Trainer : public Plugin {
 public:
  ~Trainer() override;

  /// Throws UsageError when the optimizer is of a kind that this trainer cannot drive, or a resource
  /// that it needs is missing. A run asks before its first search.
  virtual void check(const Optimizer& /*optimizer*/, const Resources& /*resources*/) const {}

  /// Whether one search keeps all cores busy by itself: a run then does one after the other.
  virtual bool uses_all_cores() const { return false; }

  /// Searches to the end. Throws what check() does, and Interrupted when stop_requested() turned true.
  SearchResult search(Optimizer& optimizer, const Resources& resources, Journal& journal);
  /// Without a journal.
  SearchResult search(Optimizer& optimizer, const Resources& resources);

 protected:
  Trainer() = default;
  /// Runs when check() let the two pass.
  virtual SearchResult do_search(Optimizer& optimizer, const Resources& resources, Journal& journal) = 0;
};

}  // namespace espalier
