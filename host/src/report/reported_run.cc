#include "espalier/host/report/reported_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "directory/job_files.h"
#include "directory/result_file.h"
#include "directory/run_files.h"
#include "directory/run_lock.h"
#include "espalier/config/config.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"
#include "espalier/host/config/yaml.h"
#include "files/atomic_file.h"
#include "files/sealed_json.h"
#include "report/found.h"
#include "report/metrics_file.h"
#include "report/reported_search.h"
#include "report/same_networks.h"
#include "report/summarize.h"
#include "run/training_jobs.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

class RunReader {
 public:
  RunReader(ReportedRun& run, PluginRegistry& registry) : run_(run), registry_(registry) {}

  void read() {
    run_.config_text = to_yaml(run_.begun.config);
    read_environment();
    read_inputs();
    if (run_.begun.evaluates) return read_evaluation();
    run_.searches = RunConfig::from(run_.begun.config);
    make_space(run_.searches->search_space);
    read_searches(*run_.searches);
  }

 private:
  void read_evaluation() {
    run_.evaluates = EvaluateConfig::from(run_.begun.config);
    make_space(run_.evaluates->search_space);
    run_.summary.title = run_.evaluates->search_space.name;
    for (const Training& training : trainings_from_scratch(run_.evaluates->evaluate, run_.evaluates->seed))
      add_training("evaluate", run_.evaluates->seed, run_.directory / training.folder);
  }

  void read_searches(const RunConfig& config) {
    SummaryContext context;
    try {
      context = read_metrics(run_.directory / RunFiles::metrics, config);
    } catch (const Error& error) {
      run_.summary.title = config.search_space.name;
      gap(error);
      return list_searches(config);
    }
    std::vector<FinishedMethod> finished;
    for (const Component& optimizer : config.optimizers)
      finished.push_back(read_method(config, optimizer, context.metrics));
    run_.summary = summarize(std::move(finished), context);
    if (config.baselines) read_baselines(*config.baselines);
    if (run_.space) add_what_the_space_knows();
  }

  /// Without the metrics no result can be read, but which searches there are, and their events.
  void list_searches(const RunConfig& config) {
    for (const Component& optimizer : config.optimizers) {
      ReportedMethod& method = add_method(config, optimizer);
      for (const std::uint64_t seed : config.seeds) {
        const fs::path folder = run_.directory / optimizer.label / seed_folder(seed);
        const JobProgress progress = is_there(folder / JobFiles::result)   ? JobProgress::finished
                                     : is_there(folder / JobFiles::events) ? JobProgress::begun
                                                                           : JobProgress::waiting;
        method.searches.push_back({.seed = seed, .folder = folder, .progress = progress, .curve = {}});
      }
    }
  }

  ReportedMethod& add_method(const RunConfig& config, const Component& optimizer) {
    ReportedMethod& method = run_.methods.emplace_back(
        ReportedMethod{.label = optimizer.label, .optimizer = optimizer, .trainer = {}, .searches = {}});
    if (!config.stages.contains(optimizer.label)) method.trainer = config.trainer_of(optimizer);
    return method;
  }

  FinishedMethod read_method(const RunConfig& config, const Component& optimizer,
                             const ResultMetrics& metrics) {
    ReportedMethod& method = add_method(config, optimizer);
    FinishedMethod finished{.label = optimizer.label, .results = {}};
    for (const std::uint64_t seed : config.seeds) {
      const fs::path folder = run_.directory / optimizer.label / seed_folder(seed);
      SearchOnDisk disk = read_reported_search(folder, seed, metrics, run_.gaps);
      if (disk.result) {
        read_selection(config, folder, *disk.result);
        read_trainings(config, optimizer.label, folder, *disk.result);
        finished.results.push_back(*std::move(disk.result));
      }
      method.searches.push_back(std::move(disk.search));
    }
    return finished;
  }

  void read_selection(const RunConfig& config, const fs::path& folder, SeedResult& result) {
    if (!config.select) return;
    try {
      const auto selected = read_training(folder / JobFiles::selection / JobFiles::result);
      if (selected) result.selection = selected->result.validation;
    } catch (const Error& error) {
      gap(error);
    }
  }

  void read_trainings(const RunConfig& config, const std::string& label, const fs::path& search,
                      SeedResult& result) {
    if (!config.evaluate) return;
    for (const Training& training : trainings_from_scratch(*config.evaluate, result.seed)) {
      const ReportedTraining& read = add_training(label, result.seed, search / training.folder);
      if (read.trained) result.trained.push_back(*read.trained);
      // Where trainings select, one search of each method is trained, and which one is not known yet.
      if (config.select && read.progress == JobProgress::waiting) run_.trainings.pop_back();
    }
  }

  const ReportedTraining& add_training(const std::string& label, std::uint64_t seed, fs::path folder) {
    return run_.trainings.emplace_back(training_in(label, seed, std::move(folder)));
  }

  ReportedTraining training_in(const std::string& label, std::uint64_t seed, fs::path folder) {
    ReportedTraining training{.label = label, .search_seed = seed, .folder = std::move(folder)};
    read_reported_training(training, run_.gaps);
    return training;
  }

  /// One that has not begun is left out, because its seeds are those of the searches that are trained.
  void read_baselines(const BaselinesSection& section) {
    const std::vector<std::string> names = section.names();
    for (std::size_t i = 0; i < names.size(); ++i) {
      const fs::path folder = run_.directory / RunFiles::baselines / names[i];
      if (!holds_run(folder)) continue;
      try {
        read_baseline(names[i], i >= section.hand_made.size(), folder);
      } catch (const Error& error) {
        gap(error);
      }
    }
  }

  void read_baseline(const std::string& name, bool random, const fs::path& folder) {
    const EvaluateConfig config = EvaluateConfig::from(begun_run(folder).config);
    ReportedBaseline& baseline = run_.baselines.emplace_back(ReportedBaseline{.name = name, .trainings = {}});
    BaselineResult result{.name = name, .random = random, .architecture = config.architecture, .trained = {}};
    for (const Training& training : trainings_from_scratch(config.evaluate, config.seed)) {
      baseline.trainings.push_back(training_in(name, training.seed, folder / training.folder));
      if (const auto& trained = baseline.trainings.back().trained) result.trained.push_back(*trained);
    }
    run_.summary.baselines.push_back(std::move(result));
  }

  void add_what_the_space_knows() {
    try {
      add_found(run_.summary, *run_.space);
      for (SummaryRow& row : run_.summary.rows) row.same_networks = same_networks(*run_.space, row.results);
    } catch (const Error& error) {
      gap(error);
    }
  }

  void make_space(const Component& component) {
    try {
      run_.space = registry_.make<SearchSpace>(component.name, Config(component.options, "search_space"));
    } catch (const Error& error) {
      gap(error);
    }
  }

  void read_environment() {
    const auto json = sealed(RunFiles::environment);
    for (const auto& [key, value] : json.items())
      if (value.is_string() || value.is_number())
        run_.environment[key] = value.is_string() ? value.get<std::string>() : value.dump();
    run_.environment.erase("sha256");
  }

  void read_inputs() try {
    const auto json = sealed(RunFiles::inputs);
    const nlohmann::json plugins = json.value("plugins", nlohmann::json::object());
    for (const auto& [plugin, hashes] : plugins.items())
      for (const auto& hash : hashes) run_.inputs.emplace_back("plugin " + plugin, hash.get<std::string>());
    for (const char* kind : {"files", "images"}) {
      const nlohmann::json files = json.value(kind, nlohmann::json::object());
      for (const auto& [name, hash] : files.items()) run_.inputs.emplace_back(name, hash.get<std::string>());
    }
  } catch (const nlohmann::json::exception& error) {
    gap(Error({.what = error.what(), .where = (run_.directory / RunFiles::inputs).string()}));
  }

  /// An empty object where the file is gone or damaged.
  nlohmann::json sealed(const char* name) try {
    const fs::path file = run_.directory / name;
    const auto text = read_file(file);
    if (text && is_sealed(*text)) return nlohmann::json::parse(*text);
    gap(Error({.what = fmt::format("{} is {}", name, text ? "damaged" : "gone"),
               .where = file.string(),
               .remedy = "`espalier resume` of the run says what to do about it"}));
    return nlohmann::json::object();
  } catch (const Error& error) {  // it cannot be read
    gap(error);
    return nlohmann::json::object();
  }

  void gap(const Error& error) { run_.gaps.emplace_back(error.what()); }

  ReportedRun& run_;
  PluginRegistry& registry_;
};

}  // namespace

bool ReportedRun::unfinished() const {
  const auto is_open = [](const auto& job) { return job.progress != JobProgress::finished; };
  return std::ranges::any_of(trainings, is_open) ||
         std::ranges::any_of(baselines,
                             [&](const ReportedBaseline& baseline) {
                               return std::ranges::any_of(baseline.trainings, is_open);
                             }) ||
         std::ranges::any_of(methods, [&](const ReportedMethod& method) {
           return std::ranges::any_of(method.searches, is_open);
         });
}

ReportedRun read_run(const fs::path& directory, PluginRegistry& registry) {
  ReportedRun run;
  run.directory = directory;
  run.begun = begun_run(directory);
  run.running = is_locked(directory);
  RunReader(run, registry).read();
  return run;
}

}  // namespace espalier::host
