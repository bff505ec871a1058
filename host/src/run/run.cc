#include "espalier/host/run/run.h"

#include <spdlog/spdlog.h>

#include "directory/measurements_file.h"
#include "directory/run_directory.h"
#include "directory/run_files.h"
#include "espalier/files/read_file.h"
#include "report/anytime_table.h"
#include "report/found.h"
#include "report/same_networks.h"
#include "report/summarize.h"
#include "report/summary_files.h"
#include "run/job_options.h"
#include "run/phases.h"
#include "run/prepared_run.h"
#include "run/run_record.h"
#include "run/run_results.h"
#include "run/stop_requests.h"

namespace espalier::host {
namespace {

FinishedCurve finished_curve(const std::filesystem::path& folder, const SeedResult& result) {
  const auto file = folder / JobFiles::curve;
  AnytimeCurve curve = AnytimeCurve::from_csv(read_file(file).value_or(""), file.string());
  const std::uint64_t steps = curve.counts_epochs() ? result.epochs : result.trials;
  return {.curve = std::move(curve), .steps = steps, .seconds = result.seconds};
}

/// From the files alone, so that it does not matter when a search ran.
Summary summarize_run(const RunConfig& config, const PreparedRun& prepared, const RunDirectory& directory,
                      const RunResults& results, std::map<std::string, std::vector<std::string>> rebuilt) {
  std::vector<FinishedMethod> methods;
  std::string anytime = anytime_header();
  for (const Method& method : prepared.methods) {
    std::vector<SeedResult> finished = results.finished(method);
    std::vector<FinishedCurve> curves;
    curves.reserve(finished.size());
    for (const SeedResult& result : finished)
      curves.push_back(finished_curve(results.folder({.method = &method, .seed = result.seed}), result));
    anytime += anytime_rows(method.label(), curves);
    methods.push_back({.label = method.label(), .results = std::move(finished)});
  }
  Summary summary = summarize(std::move(methods),
                              {.title = prepared.title,
                               .metrics = prepared.metrics(),
                               .best_report = prepared.report ? prepared.report->best() : std::nullopt,
                               .references = config.objectives.references,
                               .constrained = prepared.objective && prepared.objective->is_constrained(),
                               .paper_source = config.paper_source,
                               .paper_results = config.paper_results});
  add_found(summary, *prepared.space);
  summary.rebuilt = std::move(rebuilt);
  summary.remarks = prepared.remarks;
  for (SummaryRow& row : summary.rows) row.same_networks = same_networks(*prepared.space, row.results);
  directory.write(RunFiles::anytime, anytime);
  directory.write(RunFiles::summary_table, to_csv_text(summary));
  directory.write(RunFiles::summary, to_json_text(summary));
  return summary;
}

}  // namespace

Summary run(const RunConfig& config, const RunOptions& options, PluginRegistry& registry) {
  const StopRequests stop;
  const PreparedRun prepared = prepare(config, registry);
  for (const std::string& remark : prepared.remarks) spdlog::warn("{}", remark);
  const RunDirectory directory(options.directory, prepared.resolved, prepared.growing, options.overwrite);
  const RunRecord record(prepared, directory, options, registry);
  keep_measurements(*prepared.measurements, *prepared.space, directory);
  const RunResults results(config, prepared, directory);
  Phases({.config = config,
          .prepared = prepared,
          .directory = directory,
          .results = results,
          .jobs = job_options(options, prepared, directory, record, stop)})
      .run();
  return summarize_run(config, prepared, directory, results, record.rebuilt());
}

}  // namespace espalier::host
