#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/data/dataset.h"
#include "espalier/host/config/run_config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/report/summary.h"
#include "espalier/host/run/evaluate.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/measurements.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/report.h"
#include "espalier/search/resources.h"
#include "espalier/search/trainer.h"
#include "espalier/space/search_space.h"
#include "files/json_optional.h"
#include "run/recipe.h"
#include "run/said_notes.h"

namespace espalier::host {

/// A search by one optimizer, and what drives it.
struct Stage {
  std::shared_ptr<const SearchSpace> space;  ///< of its own, with the choices of the run's; null: the run's
  std::shared_ptr<Recipe<Optimizer>> optimizer;
  std::shared_ptr<Recipe<Trainer>> trainer;  ///< of its own, or one that several share
};

/// One optimizer of a run: the stages of its searches, which is one unless the config lists more.
struct Method {
  std::vector<Stage> stages;
  /// The values of its trainers' growing options, which say when its searches end.
  OrderedJson budget = OrderedJson::object();
  /// Whether a search that has ended is continued when the budget grows; otherwise it starts over.
  bool grows = false;

  const std::string& label() const { return stages.front().optimizer->component().label; }
};

/// A benchmark of a run and the name of its folder.
struct PreparedBenchmark {
  std::string label;
  std::unique_ptr<Benchmark> benchmark;
};

/// A benchmark that keeps what its trials gave (KeepsTrials), and what that depends on.
struct TrialKeeper {
  Benchmark* benchmark;
  ConfigValue options;  ///< with every default filled in
  std::vector<NamedPlugin> plugins;
};

/// The plugins of a run, each made once and checked against the others.
struct PreparedRun {
  ConfigValue resolved;  ///< every default filled in, nothing of this machine
  std::string title;     ///< "nasbench201 · cifar10"
  std::vector<NamedPlugin> plugins;
  std::vector<NamedPlugin> space_and_dataset;  ///< those two of them, and their components
  std::vector<std::string> growing;            ///< the keys of first_difference()
  std::unique_ptr<SearchSpace> space;
  std::unique_ptr<Dataset> dataset;
  /// Adapted, as all that follows; declared after what they refer to.
  std::vector<PreparedBenchmark> benchmarks;
  std::unique_ptr<Benchmark> report_benchmark;  ///< the one that `report:` names
  std::vector<TrialKeeper> trial_keepers;       ///< of the benchmarks above
  std::unique_ptr<Measurements> measurements;
  std::unique_ptr<ObjectiveFunction> objective;  ///< null without a benchmark or objectives
  std::optional<Report> report;
  std::vector<Method> methods;  ///< in the order of the config
  std::unique_ptr<Recipe<Trainer>> selection;
  std::unique_ptr<Recipe<Trainer>> evaluation;
  std::vector<std::string> remarks;  ///< what the benchmarks say of their figures
  std::shared_ptr<SaidNotes> said_notes = std::make_shared<SaidNotes>();
  PluginRegistry* registry = nullptr;
  std::uint64_t first_seed = 0;  ///< the one that the first optimizers were adapted with
  bool uses_all_cores = false;   ///< whether a trainer or the benchmark keeps all cores busy by itself

  Resources resources() const {
    return {.objective = objective.get(), .report = report ? &*report : nullptr, .dataset = dataset.get()};
  }
  ResultMetrics metrics() const;
  /// What the optimizer of a stage adapts to.
  SearchProblem problem(const Stage& stage, std::uint64_t seed, const Budget& budget) const;
};

/// Makes the plugins, so that a mistake is refused before anything runs or is written. Throws UsageError.
PreparedRun prepare(const RunConfig& config, PluginRegistry& registry);

/// The same for an architecture that is given: a run of one phase, without optimizers.
PreparedRun prepare(const EvaluateConfig& config, PluginRegistry& registry);

}  // namespace espalier::host
