#include "run/run_builder.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/seeds.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/has_remarks.h"
#include "espalier/search/keeps_trials.h"
#include "run/at_place.h"
#include "run/dataset_facts.h"
#include "run/method_builder.h"
#include "run/stop_requests.h"

namespace espalier::host {

RunBuilder::RunBuilder(PluginRegistry& registry) : registry_(registry) { run.registry = &registry; }

void RunBuilder::space_and_dataset(const Component& space, const std::optional<Component>& dataset) {
  if (dataset) {
    run.dataset = shared<Dataset>(*dataset);
    // Reading images may take minutes, in which a person stops the run.
    run.dataset->stop_reading_when([stop = StopRequests()] { return stop.arrived(); });
  }
  run.space = shared<SearchSpace>(space, facts_for_space(run.dataset.get()));
  run.space_and_dataset = run.plugins;  // nothing else has been made yet
}

void RunBuilder::benchmarks(const RunConfig& config) {
  ConfigValue resolved = ConfigValue::list();
  Objectives objectives{
      .benchmarks = {}, .metrics = config.objectives.metrics, .constraints = config.objectives.constraints};
  for (const Component& component : config.benchmarks) {
    run.benchmarks.push_back(
        {component.label, benchmark(component, "benchmark", resolved.items.emplace_back())});
    objectives.benchmarks.push_back(run.benchmarks.back().benchmark.get());
  }
  if (!config.benchmarks.empty())
    resolve("benchmark", resolved.items.size() == 1 ? resolved.items.front() : resolved);
  if (config.report) {
    ConfigValue value;
    run.report_benchmark = benchmark(*config.report, "report", value);
    resolve("report", std::move(value));
  }
  run.measurements = std::make_unique<Measurements>();
  if (!config.benchmarks.empty() || !config.objectives.metrics.empty() ||
      !config.objectives.constraints.empty())
    run.objective = std::make_unique<ObjectiveFunction>(*run.space, objectives, run.measurements.get());
  if (!config.objectives.metrics.empty()) resolve("objectives", config.objectives.objectives_to_config());
  if (!config.objectives.constraints.empty())
    resolve("constraints", config.objectives.constraints_to_config());
  find_report();
  remark_on_seen_report(config);
}

std::unique_ptr<Benchmark> RunBuilder::benchmark(const Component& component, const std::string& key,
                                                 ConfigValue& resolved) {
  const auto recipe = keep<Benchmark>(component, key);
  auto benchmark = recipe->make();
  resolved = recipe->resolved();
  at_place(*benchmark, component.options.where, [&] { benchmark->adapt(*run.space, run.dataset.get()); });
  if (ability<KeepsTrials>(*benchmark) != nullptr)
    run.trial_keepers.push_back(
        {.benchmark = benchmark.get(), .options = recipe->resolved_options(), .plugins = recipe->plugins()});
  run.uses_all_cores |= uses_all_cores(*benchmark);
  for (std::string& remark : remarks(*benchmark))
    if (std::ranges::find(run.remarks, remark) == run.remarks.end()) run.remarks.push_back(std::move(remark));
  return benchmark;
}

/// The benchmark that `report:` names, or else the first of the search that has something to report.
void RunBuilder::find_report() {
  if (run.report_benchmark) {
    run.report.emplace(*run.report_benchmark);
    return;
  }
  for (const PreparedBenchmark& each : run.benchmarks) {
    if (each.benchmark->report_metric().empty()) continue;
    run.report.emplace(*each.benchmark);
    return;
  }
}

/// A search that selects by the very figure by which it is judged.
void RunBuilder::remark_on_seen_report(const RunConfig& config) {
  if (!run.report || run.report_benchmark) return;
  const std::string& report = run.report->metric().name;
  const bool seen = std::ranges::find(config.objectives.metrics, report, &MetricName::name) !=
                    config.objectives.metrics.end();
  if (!seen) return;
  const std::string usual = run.benchmarks.front().benchmark->objective();
  run.remarks.push_back(fmt::format(
      "The searches optimize {}, which is also what they are judged by, so the figure is too good{}.", report,
      usual == report ? "" : fmt::format("; for a fair comparison write objectives: [{}]", usual)));
}

std::unique_ptr<Recipe<Trainer>> RunBuilder::training(const std::string& key, const Component& component) {
  auto recipe = keep<Trainer>(component, key);
  if (!run.dataset) {
    throw UsageError({.what = fmt::format("{}: trains networks, and there is no dataset", key),
                      .where = to_string(component.options.where),
                      .expected = "images of the shape that the search space takes",
                      .remedy = "add one, e.g. dataset: fashion_mnist"});
  }
  at_place(recipe->first(), component.options.where, [&] {
    recipe->first().check_evaluation(*run.space, *run.dataset);
    if (key == "select") recipe->first().check_selection();
  });
  run.uses_all_cores |= uses_all_cores(recipe->first());
  return recipe;
}

void RunBuilder::methods(const RunConfig& config, const std::shared_ptr<Recipe<Trainer>>& shared_trainer) {
  MethodBuilder methods(*this, config, shared_trainer);
  ConfigValue resolved = ConfigValue::list();
  for (const Component& optimizer : config.optimizers)
    run.methods.push_back(methods.build(optimizer, resolved.items.emplace_back()));
  resolve("optimizer", std::move(resolved));
}

void RunBuilder::resolve_evaluate(const EvaluateSection& section) {
  ConfigValue value = run.evaluation->resolved();
  if (!section.seeds.empty()) value.set("seeds", seeds_to_config(section.seeds));
  resolve("evaluate", std::move(value));
}

PreparedRun RunBuilder::finish(const std::vector<std::string>& keys) && {
  run.resolved = ConfigValue::map();
  for (const std::string& key : keys)
    if (const ConfigValue* value = resolved_.find(key)) run.resolved.set(key, *value);
  return std::move(run);
}

}  // namespace espalier::host
