#include "espalier/host/report/trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "directory/finished_job.h"
#include "directory/job_files.h"
#include "directory/job_timing.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "espalier/host/config/run_config.h"
#include "espalier/host/run/evaluate.h"
#include "espalier/search/benchmark.h"
#include "files/atomic_file.h"
#include "report/trial_rows.h"
#include "run/training_jobs.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

/// timing.csv, read beside the events.
class MeasuredSeconds {
 public:
  explicit MeasuredSeconds(const fs::path& file) {
    if (is_there(file)) stream_ = open_file(file);
    std::string header;
    std::getline(stream_, header);
  }

  /// The first time at which so many events are known to have been there. Call it for rising numbers.
  std::optional<double> after(std::uint64_t events) {
    std::string line;
    while (row_ && row_->events < events)
      row_ = std::getline(stream_, line) ? timing_row(line) : std::nullopt;
    return row_ ? std::optional(row_->seconds) : std::nullopt;
  }

 private:
  std::ifstream stream_;
  std::optional<TimingRow> row_ = TimingRow{};  ///< nothing when no more follow
};

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
    std::ifstream stream = open_file(file);
    MeasuredSeconds measured(folder / JobFiles::timing);
    rows_.begin_journal();
    std::uint64_t number = 0;
    // The last line of a search that goes on may not be whole yet.
    for (std::string line; std::getline(stream, line) && !stream.eof();) {
      ++number;
      list_event(line, place, measured.after(number), {file.string(), static_cast<int>(number), 0});
    }
    if (stream.bad()) throw Error({.what = "reading failed, or memory ran out", .where = file.string()});
  }

  void list_event(const std::string& line, const TrialPlace& place, std::optional<double> measured,
                  const Location& where) {
    std::optional<TrialEvent> trial;
    std::optional<EpochEvent> epoch;
    try {
      const auto json = nlohmann::json::parse(line);
      trial = trial_event(json);
      if (!trial) epoch = epoch_event(json);
    } catch (const nlohmann::json::exception&) {
      refuse_event(where, "this line is not JSON");
    } catch (const Error& error) {
      refuse_event(where, error.details().what);
    }
    if (trial) return rows_.add(place, *trial, measured);
    if (epoch) return rows_.add(place, *epoch, measured);
    refuse_event(where, "this is neither the event of a trial nor that of an epoch");
  }

  [[noreturn]] static void refuse_event(const Location& where, const std::string& what) {
    throw Error({.what = what,
                 .where = to_string(where),
                 .expected = "an event as the search wrote it",
                 .remedy = "`espalier resume` of its run says what to do about the damage"});
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
