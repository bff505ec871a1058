#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "espalier/host/config/run_config.h"
#include "espalier/host/report/statistics.h"
#include "espalier/host/report/table.h"
#include "espalier/plugin/export.h"
#include "espalier/search/metric.h"
#include "espalier/search/trainer.h"

namespace espalier::host {

/// One architecture that was trained from scratch: evaluation/result.json.
struct TrainedArchitecture {
  std::uint64_t seed = 0;
  std::string architecture;
  TrainingResult result;
  std::vector<std::string> class_names = {};  ///< of result.classes
};

/// What the values of results are values of.
struct ResultMetrics {
  std::vector<Metric> objectives;  ///< empty without a benchmark
  std::optional<Metric> report;    ///< of the report benchmark
};

/// An architecture of a front. Values stand in the units of their metrics.
struct FrontEntry {
  std::string architecture;
  std::vector<double> values;  ///< one for each objective
  std::optional<double> report;
};

/// One finished search: result.json. Values stand in the units of their metrics.
struct SeedResult {
  std::uint64_t seed = 0;
  std::string architecture;
  int fidelity = 0;                      ///< epochs of the trial that gave the values; 0 where there are none
  std::vector<double> values = {};       ///< one for each objective; empty without a benchmark
  std::optional<double> report = {};     ///< what the report benchmark says of it
  std::uint64_t trials = 0;              ///< 0 in a one-shot search
  std::uint64_t epochs = 0;              ///< of a one-shot search
  std::uint64_t refused = 0;             ///< proposals that the constraints refused
  double seconds = 0.0;                  ///< simulated training seconds, the same in every run
  std::vector<FrontEntry> front = {};    ///< with several objectives
  std::optional<double> undecided = {};  ///< as of SearchResult
  std::optional<double> selection = {};  ///< validation accuracy of the short training that selects, percent
  std::vector<TrainedArchitecture> trained = {};  ///< from scratch, in the order of the evaluation seeds
};

/// What an optimizer found, in the best of its searches.
struct FoundArchitecture {
  std::uint64_t seed = 0;
  std::string architecture;
  std::optional<std::int64_t> parameters;  ///< of its network, trained from scratch, where the space has one
};

/// One optimizer over all seeds.
struct SummaryRow {
  std::string label;
  std::vector<SeedResult> results;  ///< in the order of the config's seeds
  std::vector<Statistics> values;   ///< one for each objective; empty unless every seed has them
  std::optional<Statistics> report;
  std::optional<Statistics> trained;      ///< test accuracy over all trainings from scratch of all seeds
  std::optional<double> regret;           ///< mean distance of the report to the best of the whole space
  std::optional<Statistics> front_size;   ///< with several objectives: architectures of the front
  std::optional<Statistics> hypervolume;  ///< the same: what the front dominates, to Summary::reference
  double refused = 0.0;                   ///< the share of all proposals that the constraints refused
  std::optional<PaperResult> paper;
  std::optional<FoundArchitecture> found = {};  ///< nothing with several objectives
  /// The seeds that found one network in different strings: a list for each such network.
  std::vector<std::vector<std::uint64_t>> same_networks = {};
};

/// An architecture that no search found, trained like those that were found: one of `baselines:`.
struct BaselineResult {
  std::string name;     ///< "resnet", "random_1": of its folder
  bool random = false;  ///< drawn, not made by hand
  std::string architecture;
  std::vector<TrainedArchitecture> trained;  ///< with each seed
};

/// A whole run: what `espalier run` prints and summary.json holds.
struct Summary {
  std::string title;  ///< "nasbench201 · cifar10"
  ResultMetrics metrics;
  std::vector<SummaryRow> rows;
  std::optional<double> best_report;   ///< the best of the whole space
  std::vector<double> reference = {};  ///< with several objectives: the worst corner of the hypervolume
  bool constrained = false;
  std::string paper_source;
  /// The plugins that were rebuilt while the run was under way, "optimizer/gdas", with the SHA-256 of each
  /// build.
  std::map<std::string, std::vector<std::string>> rebuilt = {};
  std::vector<std::string> remarks = {};  ///< what the benchmarks say of their figures
  std::vector<BaselineResult> baselines = {};
};

/// [any-thread] The table that `espalier run` prints at the end, in lines of at most `width` characters.
/// Below it stands what was found.
ESPALIER_EXPORT std::string render(const Summary& summary, std::size_t width = kAnyWidth);
/// [any-thread] The text of summary.json: everything.
ESPALIER_EXPORT std::string to_json_text(const Summary& summary);

/// [any-thread] What the best of all optimizers found, by what the searches themselves may see; null where no
/// optimizer names one architecture. It lives as long as the summary.
ESPALIER_EXPORT const FoundArchitecture* best_found(const Summary& summary);

/// [any-thread] The test accuracy: "93.10 % of 10,000 images, 95 % interval [92.59, 93.58]".
ESPALIER_EXPORT std::string test_text(const TrainingResult& result);

}  // namespace espalier::host
