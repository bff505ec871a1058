#include "espalier/host/run/run.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "espalier/plugin/plugin_call.h"
#include "files/atomic_file.h"
#include "report/anytime.h"
#include "report/summary_files.h"
#include "run/environment.h"
#include "run/prepared_run.h"
#include "run/run_directory.h"
#include "run/run_results.h"
#include "run/stages.h"
#include "run/stop_requests.h"

namespace espalier::host {
namespace {

FinishedCurve finished_curve(const std::filesystem::path& folder, const SeedResult& result) {
  const auto file = folder / SearchFiles::curve;
  return {.curve = Curve::from_csv(read_file(file).value_or(""), file.string()),
          .trials = result.trials,
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
  if (config.select) plugins.push_back({"trainer", config.select->name});
  if (config.evaluate) plugins.push_back({"trainer", config.evaluate->trainer.name});
  return plugins;
}

std::size_t finished_searches(const RunConfig& config, const RunResults& results) {
  std::size_t finished = 0;
  for (const Component& optimizer : config.optimizers)
    for (const std::uint64_t seed : config.seeds)
      finished += results.search({.optimizer = &optimizer, .seed = seed}) ? 1 : 0;
  return finished;
}

std::optional<double> best_test(const Benchmark* benchmark) {
  if (benchmark == nullptr) return std::nullopt;
  return call_plugin(*benchmark, "best_test()", [&] { return benchmark->best_test(); });
}

/// From the files alone, so that it does not matter when a search ran.
Summary summarize_run(const RunConfig& config, const PreparedRun& prepared, const RunDirectory& directory,
                      const RunResults& results) {
  Summary summary{.title = prepared.title,
                  .rows = {},
                  .best_test = best_test(prepared.benchmark.get()),
                  .published_source = config.published_source};
  std::string anytime = anytime_header();
  for (const Component& optimizer : config.optimizers) {
    std::vector<SeedResult> finished = results.finished(optimizer);
    std::vector<FinishedCurve> curves;
    curves.reserve(finished.size());
    for (const SeedResult& result : finished)
      curves.push_back(
          finished_curve(results.folder({.optimizer = &optimizer, .seed = result.seed}), result));
    summary.rows.push_back(summarize(optimizer.label, std::move(finished), summary.best_test,
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
  const RunResults results(config, directory);
  const std::size_t finished = finished_searches(config, results);
  if (finished > 0 && !options.quiet) spdlog::info("{} searches are finished already", finished);
  if (finished < config.optimizers.size() * config.seeds.size())
    directory.write("environment.json", environment(plugins_of(config), registry));
  Stages({.config = config,
          .options = options,
          .prepared = prepared,
          .directory = directory,
          .results = results,
          .registry = registry,
          .stop_requested = [&stop] { return stop.arrived(); }})
      .run();
  return summarize_run(config, prepared, directory, results);
}

}  // namespace espalier::host
