#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "espalier/host/report/comparison.h"
#include "espalier/host/report/reported_run.h"
#include "espalier/host/report/statistics.h"
#include "espalier/plugin/export.h"
#include "espalier/search/metric.h"

namespace espalier::host {

/// An optimizer of one of several runs, or the architecture of a run of `espalier evaluate`.
struct ComparedMethod {
  std::string name;  ///< its label, with the run's name where several runs have that label
  const ReportedRun* run = nullptr;
  std::optional<std::size_t> index = std::nullopt;  ///< in the run's methods and rows; nothing: evaluate
  std::vector<SeedValue> values;                    ///< by what it is judged, of the seeds that have finished
  /// The same over the seeds; over all trainings where a seed has several. Nothing where no seed has a value.
  std::optional<Statistics> figure = std::nullopt;
};

/// Methods that can be compared: they searched one space, and one benchmark judges them under the same
/// options, or one dataset and one training from scratch do.
struct ComparedRuns {
  std::string title;
  /// What `values` are values of; nothing where nothing judges the methods.
  std::optional<Metric> judged_by = std::nullopt;
  std::optional<double> best = std::nullopt;  ///< its best value in the whole space, where that is known
  std::vector<ComparedMethod> methods;
};

/// [any-thread] Sorts the methods of runs into groups that can be compared, in the order of the runs, which
/// outlive them. The methods are judged by what the report benchmark says of what they found; without one, by
/// the test accuracy after a training from scratch, then by the hypervolume of their fronts, then by their
/// objective.
ESPALIER_EXPORT std::vector<ComparedRuns> compare_runs(const std::vector<ReportedRun>& runs);

/// [any-thread] The name of a run in texts: the last part of its directory.
ESPALIER_EXPORT std::string run_name(const ReportedRun& run);

}  // namespace espalier::host
