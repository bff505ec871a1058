#include "espalier/host/run.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
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
#include "summary_files.h"

namespace espalier::host {
namespace {

/// Counts the requests: a run stops when one came after it began. The one mutable global, for a signal
/// handler knows nothing else.
std::atomic<unsigned> stop_requests = 0;
static_assert(std::atomic<unsigned>::is_always_lock_free);

std::filesystem::path file_of(const RunDirectory& directory, const Search& search, const char* file) {
  return directory.search_folder(search.optimizer->label, search.seed) / file;
}

std::optional<SeedResult> result_of(const RunDirectory& directory, const Search& search) {
  return read_result(file_of(directory, search, SearchFiles::result), search.optimizer->label, search.seed);
}

std::vector<Search> unfinished_searches(const RunConfig& config, const RunDirectory& directory) {
  std::vector<Search> searches;
  for (const Component& optimizer : config.optimizers) {
    for (const std::uint64_t seed : config.seeds) {
      const Search search{.optimizer = &optimizer, .seed = seed};
      if (!result_of(directory, search)) {
        searches.push_back(search);
      } else {  // what a kill between the result and this left
        remove_file(file_of(directory, search, SearchFiles::checkpoint));
      }
    }
  }
  return searches;
}

SeedResult finished_result(const RunDirectory& directory, const Search& search) {
  auto result = result_of(directory, search);
  if (result) return *result;
  throw Error({.what = "a result is gone that was here before",
               .where = file_of(directory, search, SearchFiles::result).string(),
               .remedy = "run again"});
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
      results.push_back(finished_result(directory, search));
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
  const unsigned requests_before = stop_requests;
  const PreparedRun prepared = prepare(config, registry);
  const RunDirectory directory(options.directory, prepared.resolved, options.overwrite);
  const std::vector<Search> searches = unfinished_searches(config, directory);
  const std::size_t finished = config.optimizers.size() * config.seeds.size() - searches.size();
  if (finished > 0 && !options.quiet) spdlog::info("{} searches are finished already", finished);
  if (!searches.empty()) {
    directory.write("environment.json", environment(config, registry));
    Progress progress(searches.size(), options.quiet);
    run_searches(searches, jobs_of(options, prepared),
                 {.trainer = config.trainer,
                  .space = *prepared.space,
                  .resources = {.benchmark = prepared.benchmark.get(), .dataset = prepared.dataset.get()},
                  .directory = directory,
                  .registry = registry,
                  .checkpoint_interval = options.checkpoint_interval,
                  .stop_requested = [requests_before] { return stop_requests != requests_before; }},
                 progress);
  }
  return summarize_run(config, prepared, directory);
}

void request_stop() noexcept { ++stop_requests; }

}  // namespace espalier::host
