#include "espalier/host/run/run.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "directory/measurements_file.h"
#include "directory/run_directory.h"
#include "directory/run_files.h"
#include "espalier/search/has_remarks.h"
#include "report/anytime_curve.h"
#include "report/anytime_table.h"
#include "report/found.h"
#include "report/metrics_file.h"
#include "report/same_networks.h"
#include "report/summarize.h"
#include "report/summary_files.h"
#include "run/baselines.h"
#include "run/job_options.h"
#include "run/phases.h"
#include "run/prepared_run.h"
#include "run/run_record.h"
#include "run/run_results.h"
#include "run/stop_requests.h"

namespace espalier::host {
namespace {

SummaryContext context_of(const RunConfig& config, const PreparedRun& prepared) {
  return {.title = prepared.title,
          .metrics = prepared.metrics(),
          .best_report = prepared.report ? prepared.report->best() : std::nullopt,
          .references = config.objectives.references,
          .constrained = prepared.objective && prepared.objective->is_constrained(),
          .paper_source = config.paper_source,
          .paper_results = config.paper_results,
          .remarks = prepared.remarks};
}

/// What the benchmarks can say of their figures only now that they are prepared.
void remark_on_preparations(PreparedRun& prepared) {
  const auto add = [&](const Benchmark& benchmark) {
    for (std::string& remark : remarks(benchmark)) {
      if (std::ranges::find(prepared.remarks, remark) != prepared.remarks.end()) continue;
      spdlog::warn("{}", remark);
      prepared.remarks.push_back(std::move(remark));
    }
  };
  for (const PreparedBenchmark& each : prepared.benchmarks) add(*each.benchmark);
  if (prepared.report_benchmark) add(*prepared.report_benchmark);
}

/// From the files alone, so that it does not matter when a search ran.
std::vector<FinishedMethod> finished_methods(const PreparedRun& prepared, const RunResults& results) {
  std::vector<FinishedMethod> methods;
  methods.reserve(prepared.methods.size());
  for (const Method& method : prepared.methods)
    methods.push_back({.label = method.label(), .results = results.finished(method)});
  return methods;
}

std::string anytime_text(const PreparedRun& prepared, const RunResults& results,
                         const std::vector<FinishedMethod>& methods) {
  std::string text = anytime_header();
  for (std::size_t i = 0; i < methods.size(); ++i) {
    std::vector<SearchCurve> curves;
    curves.reserve(methods[i].results.size());
    for (const SeedResult& result : methods[i].results)
      curves.push_back(
          finished_curve(results.folder({.method = &prepared.methods[i], .seed = result.seed}), result));
    text += anytime_rows(methods[i].label, curves);
  }
  return text;
}

Summary summarize_run(const PreparedRun& prepared, const SummaryContext& context,
                      const RunDirectory& directory, const RunResults& results,
                      std::vector<FinishedMethod> methods, std::vector<BaselineResult> baselines,
                      std::map<std::string, std::vector<std::string>> rebuilt) {
  const std::string anytime = anytime_text(prepared, results, methods);
  Summary summary = summarize(std::move(methods), context);
  summary.baselines = std::move(baselines);
  add_found(summary, *prepared.space);
  summary.rebuilt = std::move(rebuilt);
  for (SummaryRow& row : summary.rows) row.same_networks = same_networks(*prepared.space, row.results);
  directory.write(RunFiles::anytime, anytime);
  directory.write(RunFiles::summary_table, to_csv_text(summary));
  directory.write(RunFiles::summary, to_json_text(summary));
  return summary;
}

}  // namespace

Summary run(const RunConfig& config, const RunOptions& options, PluginRegistry& registry) {
  const StopRequests stop;
  PreparedRun prepared = prepare(config, registry);
  for (const std::string& remark : prepared.remarks) spdlog::warn("{}", remark);
  const RunDirectory directory(options.directory, prepared.resolved, prepared.growing, options.overwrite);
  const RunRecord record(prepared, directory, options, registry);
  SummaryContext context = context_of(config, prepared);
  directory.write(RunFiles::metrics, to_metrics_text(context));
  keep_measurements(*prepared.measurements, *prepared.space, directory);
  const RunResults results(config, prepared, directory);
  Phases phases({.config = config,
                 .prepared = prepared,
                 .directory = directory,
                 .results = results,
                 .jobs = job_options(options, prepared, directory, record, stop)});
  if (phases.prepare()) {
    remark_on_preparations(prepared);
    context.remarks = prepared.remarks;
    directory.write(RunFiles::metrics, to_metrics_text(context));
  }
  phases.run();
  std::vector<FinishedMethod> finished = finished_methods(prepared, results);
  std::vector<BaselineResult> baselines = train_baselines(config, prepared, finished, options, stop);
  return summarize_run(prepared, context, directory, results, std::move(finished), std::move(baselines),
                       record.rebuilt());
}

}  // namespace espalier::host
