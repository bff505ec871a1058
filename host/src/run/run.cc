#include "espalier/host/run/run.h"

#include "directory/run_directory.h"
#include "files/atomic_file.h"
#include "report/anytime_table.h"
#include "report/summary_files.h"
#include "run/job_options.h"
#include "run/prepared_run.h"
#include "run/run_results.h"
#include "run/stages.h"
#include "run/stop_requests.h"

namespace espalier::host {
namespace {

FinishedCurve finished_curve(const std::filesystem::path& folder, const SeedResult& result) {
  const auto file = folder / JobFiles::curve;
  AnytimeCurve curve = AnytimeCurve::from_csv(read_file(file).value_or(""), file.string());
  const std::uint64_t steps = curve.counts_epochs() ? result.epochs : result.trials;
  return {.curve = std::move(curve), .steps = steps, .seconds = result.seconds};
}

std::optional<PublishedFigure> published_for(const RunConfig& config, const std::string& label) {
  const auto found = config.published.find(label);
  return found == config.published.end() ? std::nullopt : std::optional(found->second);
}

/// From the files alone, so that it does not matter when a search ran.
Summary summarize_run(const RunConfig& config, const PreparedRun& prepared, const RunDirectory& directory,
                      const RunResults& results) {
  Summary summary{.title = prepared.title,
                  .rows = {},
                  .best_test = prepared.benchmark ? prepared.benchmark->best_test() : std::nullopt,
                  .published_source = config.published_source};
  std::string anytime = anytime_header();
  for (const Method& method : prepared.methods) {
    std::vector<SeedResult> finished = results.finished(method);
    std::vector<FinishedCurve> curves;
    curves.reserve(finished.size());
    for (const SeedResult& result : finished)
      curves.push_back(finished_curve(results.folder({.method = &method, .seed = result.seed}), result));
    summary.rows.push_back(summarize(method.label(), std::move(finished), summary.best_test,
                                     published_for(config, method.label())));
    anytime += anytime_rows(method.label(), curves);
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
  const RunResults results(config, prepared, directory);
  Stages({.config = config,
          .prepared = prepared,
          .results = results,
          .jobs = job_options(options, prepared, directory, registry, stop)})
      .run();
  return summarize_run(config, prepared, directory, results);
}

}  // namespace espalier::host
