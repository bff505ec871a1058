#pragma once

#include <span>

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/trial.h"

namespace espalier {

/// The ability of a benchmark to answer for a trial instead of an architecture, so that two trials of one
/// architecture may get different values: a table that holds several trainings of each draws one for each
/// trial, as a search that really trained would see them.
class ESPALIER_EXPORT AnswersTrials {
 public:
  /// [any-thread] Whether it does so under its options. Otherwise values_of() is never called.
  virtual bool answers_trials() const = 0;
  /// [any-thread] What Benchmark::values() gives, for this trial. It is a function of the trial's seed, id
  /// and architecture alone, so that a search is the same on any number of workers and after it was resumed.
  /// Whoever asks without a trial, such as a report, is answered by Benchmark::values().
  virtual void values_of(const Trial& trial, std::span<const Lookup> lookups,
                         std::span<double> values) const = 0;

 protected:
  ~AnswersTrials() = default;
};

}  // namespace espalier
