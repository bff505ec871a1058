#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "espalier/host/config/run_config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/report/anytime.h"
#include "espalier/host/report/summary.h"
#include "espalier/host/run/evaluate.h"
#include "espalier/host/run/resume.h"
#include "espalier/plugin/export.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// How far a search or a training has come.
enum class JobProgress { waiting, begun, finished, damaged };

/// A search of a run.
struct ReportedSearch {
  std::uint64_t seed = 0;
  std::filesystem::path folder;  ///< with its events.jsonl
  JobProgress progress = JobProgress::waiting;
  SearchCurve curve;
  /// How long it has run; nothing where timing.csv does not say.
  std::optional<double> measured_seconds = std::nullopt;
};

/// The searches of one optimizer, in the order of the config's seeds.
struct ReportedMethod {
  std::string label;
  Component optimizer;
  Component trainer;
  std::vector<ReportedSearch> searches;
};

/// A training from scratch of a run.
struct ReportedTraining {
  std::string label;  ///< of the optimizer whose architecture it trains; "evaluate" where that was given
  std::uint64_t search_seed = 0;
  std::filesystem::path folder;
  JobProgress progress = JobProgress::waiting;
  std::optional<TrainedArchitecture> trained = std::nullopt;  ///< once it is finished
};

/// A baseline of a run: a run of its own, of which this is what has been trained.
struct ReportedBaseline {
  std::string name;
  std::vector<ReportedTraining> trainings;
};

/// A run as its directory shows it, finished or not.
struct ReportedRun {
  std::filesystem::path directory;
  BegunRun begun;
  std::string config_text;  ///< of the resolved config
  /// Of searches; nothing in a run of `espalier evaluate`.
  std::optional<RunConfig> searches;
  std::optional<EvaluateConfig> evaluates;
  /// The space of the run; null where its plugin cannot be made, which `gaps` says.
  std::shared_ptr<const SearchSpace> space;
  /// Of the searches that have finished; a row for each optimizer, also where none has.
  Summary summary;
  std::vector<ReportedMethod> methods;
  std::vector<ReportedTraining> trainings;
  std::vector<ReportedBaseline> baselines;         ///< that have begun; summary.baselines holds their results
  std::map<std::string, std::string> environment;  ///< what environment.json says, but for lists
  /// What the results come from, with the SHA-256 of each build or file: "plugin optimizer/gdas".
  std::vector<std::pair<std::string, std::string>> inputs;
  /// Whether a process works in the directory at this moment.
  bool running = false;
  /// What is damaged or missing, each with its remedy. The rest is reported all the same.
  std::vector<std::string> gaps;

  /// Whether searches or trainings are still to be done.
  ESPALIER_EXPORT bool unfinished() const;
};

/// [one-thread] Reads the directory of a run; it may be that of a run which goes on at the moment. What is
/// damaged becomes a gap. `registry` finds the search space and loads no other plugin. Throws UsageError when
/// the directory holds no run, or when its config cannot be read.
ESPALIER_EXPORT ReportedRun read_run(const std::filesystem::path& directory, PluginRegistry& registry);

}  // namespace espalier::host
