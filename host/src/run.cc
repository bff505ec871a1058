#include "espalier/host/run.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

#include "anytime.h"
#include "atomic_file.h"
#include "environment.h"
#include "espalier/errors.h"
#include "prepared_run.h"
#include "progress.h"
#include "result_file.h"
#include "run_directory.h"
#include "searches.h"
#include "stop_requests.h"
#include "summary_files.h"

namespace espalier::host {
namespace {

std::filesystem::path file_of(const RunDirectory& directory, const Search& search, const char* file) {
  return directory.search_folder(search.optimizer->label, search.seed) / file;
}

std::filesystem::path evaluation_file_of(const RunDirectory& directory, const Search& search,
                                         const char* file) {
  return directory.search_folder(search.optimizer->label, search.seed) / SearchFiles::evaluation / file;
}

std::optional<SeedResult> result_of(const RunDirectory& directory, const Search& search) {
  return read_result(file_of(directory, search, SearchFiles::result), search.optimizer->label, search.seed);
}

std::optional<TrainedArchitecture> training_of(const RunDirectory& directory, const Search& search,
                                               const SeedResult& result) {
  return read_training(evaluation_file_of(directory, search, SearchFiles::result), search.optimizer->label,
                       search.seed, result.architecture);
}

std::vector<Search> unfinished_searches(const RunConfig& config, const RunDirectory& directory) {
  std::vector<Search> searches;
  for (const Component& optimizer : config.optimizers) {
    for (const std::uint64_t seed : config.seeds) {
      Search search{.optimizer = &optimizer, .seed = seed};
      const auto result = result_of(directory, search);
      search.searched = result.has_value();
      search.trained = !config.evaluate || (result && training_of(directory, search, *result));
      // What a kill between a result and this left.
      if (search.searched) remove_file(file_of(directory, search, SearchFiles::checkpoint));
      if (search.trained) remove_file(evaluation_file_of(directory, search, SearchFiles::checkpoint));
      if (!search.searched || !search.trained) searches.push_back(search);
    }
  }
  return searches;
}

SeedResult finished_result(const RunDirectory& directory, const Search& search, bool evaluate) {
  const auto gone = [](const std::filesystem::path& file) {
    return Error(
        {.what = "a result is gone that was here before", .where = file.string(), .remedy = "run again"});
  };
  auto result = result_of(directory, search);
  if (!result) throw gone(file_of(directory, search, SearchFiles::result));
  if (!evaluate) return *result;
  const auto trained = training_of(directory, search, *result);
  if (!trained) throw gone(evaluation_file_of(directory, search, SearchFiles::result));
  result->trained = trained->result.test;
  return *result;
}

FinishedCurve finished_curve(const RunDirectory& directory, const Search& search, const SeedResult& result) {
  const auto file = file_of(directory, search, SearchFiles::curve);
  return {.curve = Curve::from_csv(read_file(file).value_or(""), file.string()),
          .evaluations = result.evaluations,
          .seconds = result.seconds};
}

std::optional<PublishedFigure> published_for(const RunConfig& config, const std::string& label) {
  const auto found = config.published.find(label);
  return found == config.published.end() ? std::nullopt : std::optional(found->second);
}

std::vector<NamedPlugin> plugins_of(const RunConfig& config) {
  std::vector<NamedPlugin> plugins = {{"search_space", config.search_space.name}};
  for (const Component& optimizer : config.optimizers) plugins.push_back({"optimizer", optimizer.name});
  if (config.benchmark) plugins.push_back({"benchmark", config.benchmark->name});
  if (config.dataset) plugins.push_back({"dataset", config.dataset->name});
  plugins.push_back({"trainer", config.trainer.name});
  if (config.evaluate) plugins.push_back({"trainer", config.evaluate->name});
  return plugins;
}

std::size_t jobs_of(const RunOptions& options, const PreparedRun& prepared) {
  if (options.jobs > 0) return options.jobs;
  return prepared.uses_all_cores ? 1 : std::max(1U, std::thread::hardware_concurrency());
}

/// From the files alone, so that it does not matter when a search ran.
Summary summarize_run(const RunConfig& config, const PreparedRun& prepared, const RunDirectory& directory) {
  Summary summary{.title = prepared.title,
                  .rows = {},
                  .best_test = prepared.benchmark ? prepared.benchmark->best_test() : std::nullopt,
                  .published_source = config.published_source};
  std::string anytime = anytime_header();
  for (const Component& optimizer : config.optimizers) {
    std::vector<SeedResult> results;
    std::vector<FinishedCurve> curves;
    for (const std::uint64_t seed : config.seeds) {
      const Search search{.optimizer = &optimizer, .seed = seed};
      results.push_back(finished_result(directory, search, config.evaluate.has_value()));
      curves.push_back(finished_curve(directory, search, results.back()));
    }
    summary.rows.push_back(summarize(optimizer.label, std::move(results), summary.best_test,
                                     published_for(config, optimizer.label)));
    anytime += anytime_rows(optimizer.label, curves);
  }
  directory.write("anytime.csv", anytime);
  directory.write("summary.csv", to_csv_text(summary));
  directory.write("summary.json", to_json_text(summary));
  return summary;
}

}  // namespace

Summary run(const RunConfig& config, const RunOptions& options, PluginRegistry& registry) {
  const StopRequests stop;
  const PreparedRun prepared = prepare(config, registry);
  const RunDirectory directory(options.directory, prepared.resolved, options.overwrite);
  const std::vector<Search> searches = unfinished_searches(config, directory);
  const std::size_t finished = config.optimizers.size() * config.seeds.size() - searches.size();
  if (finished > 0 && !options.quiet) spdlog::info("{} searches are finished already", finished);
  if (!searches.empty()) {
    directory.write("environment.json", environment(plugins_of(config), registry));
    const auto left =
        static_cast<std::size_t>(std::count_if(searches.begin(), searches.end(),
                                               [](const Search& search) { return !search.searched; }) +
                                 std::count_if(searches.begin(), searches.end(),
                                               [](const Search& search) { return !search.trained; }));
    Progress progress(left, config.evaluate ? "searches and trainings" : "searches", options.quiet);
    run_searches(searches, jobs_of(options, prepared),
                 {.trainer = config.trainer,
                  .evaluate = config.evaluate ? &*config.evaluate : nullptr,
                  .space = *prepared.space,
                  .resources = {.benchmark = prepared.benchmark.get(), .dataset = prepared.dataset.get()},
                  .directory = directory,
                  .registry = registry,
                  .checkpoint_interval = options.checkpoint_interval,
                  .stop_requested = [&stop] { return stop.arrived(); }},
                 progress);
  }
  return summarize_run(config, prepared, directory);
}

}  // namespace espalier::host
