#pragma once

#include <cstddef>
#include <vector>

#include "espalier/search/answers_trials.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/trial.h"
#include "search/metric_source.h"

// A trial asks each benchmark once. What to ask of whom is looked up when a search begins: for each fidelity
// a list of questions, each with the lookups of one benchmark and the places of the answers, so that a trial
// on a table allocates nothing and compares no names.
namespace espalier {

/// The place of an answer that is not the value of an objective: it is added to the seconds.
constexpr std::size_t kSeconds = ~std::size_t{0};

struct Question {
  const Benchmark* benchmark = nullptr;     ///< null: the space
  const AnswersTrials* of_trial = nullptr;  ///< the benchmark's ability, where it answers trials
  std::vector<Lookup> lookups;
  std::vector<std::size_t> places;  ///< the index of an objective, or kSeconds
  bool measured = false;            ///< whether its only answer is measured
};

/// The epochs at which all objectives that depend on epochs are known, up to what their benchmarks call full.
/// Throws UsageError when they have none in common.
std::vector<Fidelity> common_fidelities(const std::vector<MetricSource>& objectives);

/// What a trial asks, and what it costs.
std::vector<Question> questions_at(Fidelity fidelity, const std::vector<MetricSource>& objectives,
                                   const std::vector<MetricSource>& costs);

/// What a trial that continues from this fidelity need not pay again.
std::vector<Question> savings_at(Fidelity fidelity, const std::vector<MetricSource>& costs);

}  // namespace espalier
