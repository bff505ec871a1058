#pragma once

#include <string>
#include <vector>

#include "espalier/host/report/compared_runs.h"
#include "espalier/host/report/epoch_history.h"
#include "espalier/host/report/reported_run.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// What a reader should know before believing a figure, in whole sentences.
struct Alarm {
  /// `damage`: a part of a run is lost. `warning`: a figure may mislead. `note`: something to keep in mind.
  enum class Weight { note, warning, damage };
  Weight weight = Weight::warning;
  std::string text;
};

/// The epochs of a one-shot search.
struct OneShotHistory {
  const ReportedRun* run = nullptr;
  std::string label;
  std::uint64_t seed = 0;
  std::vector<EpochFigures> epochs;
};

/// [any-thread] The histories of the one-shot searches of a run. What is damaged becomes a gap of `run`,
/// which outlives the histories.
ESPALIER_EXPORT std::vector<OneShotHistory> one_shot_histories(ReportedRun& run);

/// [any-thread] Of each run: damaged parts; searches that are still to be done; all seeds found one network;
/// a training whose validation accuracy is far above its test accuracy.
ESPALIER_EXPORT std::vector<Alarm> alarms_of(const ReportedRun& run);
/// [any-thread] Of one-shot searches: skip connections win (Zela et al., "Understanding and Robustifying
/// Differentiable Architecture Search", 2020), nothing is decided, and the architecture got worse by the end.
ESPALIER_EXPORT std::vector<Alarm> alarms_of(const std::vector<OneShotHistory>& histories);
/// [any-thread] Of comparisons: too few seeds to tell, unequal budgets, supernets of different sizes, and
/// runs that look alike but do not compare.
ESPALIER_EXPORT std::vector<Alarm> alarms_of(const std::vector<ComparedRuns>& groups);

}  // namespace espalier::host
