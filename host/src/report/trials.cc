#include "espalier/host/report/trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <variant>

#include "directory/finished_job.h"
#include "directory/job_files.h"
#include "espalier/errors/errors.h"
#include "espalier/host/config/run_config.h"
#include "espalier/host/run/evaluate.h"
#include "espalier/search/benchmark.h"
#include "files/atomic_file.h"
#include "report/event_file.h"
#include "report/measured_seconds.h"
#include "report/trial_rows.h"
#include "run/training_jobs.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

class RunTrials {
 public:
  RunTrials(const RunToList& run, TrialRows& rows) : run_(run), rows_(rows) {}

  void list(const RunConfig& config) {
    for (const Component& optimizer : config.optimizers)
      for (const std::uint64_t seed : config.seeds) list(config, optimizer.label, seed);
  }

  void list(const EvaluateConfig& config) {
    for (const Training& training : trainings_from_scratch(config.evaluate, config.seed)) {
      TrialPlace place = place_of("evaluate", config.seed, "evaluation");
      place.training = training.seed;
      place.architecture = config.architecture;
      list_events(run_.directory / training.folder, place);
    }
  }

 private:
  void list(const RunConfig& config, const std::string& label, std::uint64_t seed) {
    const fs::path folder = run_.directory / label / seed_folder(seed);
    list_events(folder, place_of(label, seed, "search"));
    const auto found = read_result(folder / JobFiles::result);
    if (!found) return;  // nothing is trained before the search has ended
    const auto list_training = [&](const Training& training, const char* phase) {
      TrialPlace place = place_of(label, seed, phase);
      place.training = training.seed;
      // After a search has grown, what was trained before may be another architecture.
      const auto trained = read_result(folder / training.folder / JobFiles::result);
      place.architecture = (trained ? *trained : *found).at("architecture").get<std::string>();
      list_events(folder / training.folder, place);
    };
    if (config.select) list_training(short_training(seed), "selection");
    if (!config.evaluate) return;
    for (const Training& training : trainings_from_scratch(*config.evaluate, seed))
      list_training(training, "evaluation");
  }

  TrialPlace place_of(const std::string& label, std::uint64_t seed, const char* phase) const {
    return {.run = run_.directory.string(), .optimizer = label, .seed = seed, .phase = phase, .training = {}};
  }

  void list_events(const fs::path& folder, const TrialPlace& place) {
    const fs::path file = folder / JobFiles::events;
    if (!is_there(file)) return;
    MeasuredSeconds measured(folder / JobFiles::timing);
    rows_.begin_journal();
    for_each_event(file, [&](std::uint64_t number, const Event& event) {
      const auto seconds = measured.after(number);
      std::visit([&](const auto& each) { rows_.add(place, each, seconds); }, event);
    });
  }

  const RunToList& run_;
  TrialRows& rows_;
};

/// The metrics whose values the events hold. Nothing is loaded but the benchmark's own code.
std::vector<std::string> objectives_of(const RunConfig& config, PluginRegistry& registry) {
  std::vector<std::string> names;
  for (const MetricName& metric : config.objectives.metrics) names.push_back(metric.name);
  if (!names.empty() || config.benchmarks.empty()) return names;
  const Component& first = config.benchmarks.front();
  return {registry.make<Benchmark>(first.name, Config(first.options, "benchmark"))->objective()};
}

std::vector<std::string> objectives_of(const RunToList& run) {
  if (run.begun.evaluates) return {};
  return objectives_of(RunConfig::from(run.begun.config), *run.registry);
}

template <class RunKind>
void list(const RunToList& run, const RunKind& config, const std::vector<std::string>& objectives,
          const std::vector<TrialColumn>& columns, TrialRows& rows) {
  const Component& component = config.search_space;
  const auto space =
      run.registry->make<SearchSpace>(component.name, Config(component.options, "search_space"));
  std::vector<TrialColumn::Value> values;
  values.reserve(columns.size());
  for (const TrialColumn& column : columns) values.push_back(column.of_space(*space, *run.registry));
  ArchitectureFigures figures(*space, std::move(values));
  rows.begin_run(objectives, figures);
  RunTrials(run, rows).list(config);
}

void list(const RunToList& run, const std::vector<std::string>& objectives,
          const std::vector<TrialColumn>& columns, TrialRows& rows) {
  if (run.begun.evaluates)
    return list(run, EvaluateConfig::from(run.begun.config), objectives, columns, rows);
  list(run, RunConfig::from(run.begun.config), objectives, columns, rows);
}

}  // namespace

void write_trials(const std::vector<RunToList>& runs, const std::function<void(std::string_view text)>& write,
                  const std::vector<TrialColumn>& columns) {
  std::vector<std::vector<std::string>> objectives;
  std::vector<std::string> all;
  for (const RunToList& run : runs) {
    objectives.push_back(objectives_of(run));
    for (const std::string& name : objectives.back())
      if (std::ranges::find(all, name) == all.end()) all.push_back(name);
  }
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const TrialColumn& column : columns) names.push_back(column.name);
  TrialRows rows(all, names, write);
  for (std::size_t i = 0; i < runs.size(); ++i) list(runs[i], objectives[i], columns, rows);
  rows.flush();
}

}  // namespace espalier::host
