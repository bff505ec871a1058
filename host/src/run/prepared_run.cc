#include "run/prepared_run.h"

#include <fmt/format.h>

#include <utility>

#include "config/seeds.h"
#include "espalier/errors/errors.h"
#include "run/baseline_architectures.h"
#include "run/check_names.h"
#include "run/run_builder.h"

namespace espalier::host {
namespace {

ConfigValue resolve_paper_results(const RunConfig& config) {
  ConfigValue figures = ConfigValue::map();
  for (const auto& [label, figure] : config.paper_results) {
    figures.set(label, ConfigValue::map({{"mean", ConfigValue::number(figure.mean)},
                                         {"std", ConfigValue::number(figure.standard_deviation)}}));
  }
  ConfigValue published = ConfigValue::map();
  if (!config.paper_source.empty()) published.set("source", ConfigValue::of(config.paper_source, true));
  published.set("figures", figures);
  return published;
}

/// The dataset belongs to what the figures mean: the benchmark's, or without one the report's.
std::string title_of(const RunConfig& config, const ConfigValue& resolved) {
  const bool has_benchmark = !config.benchmarks.empty();
  if (!has_benchmark && !config.report) return config.search_space.name;
  const ConfigValue* value = resolved.find(has_benchmark ? "benchmark" : "report");
  if (value->kind == ConfigValue::Kind::list) value = &value->items.front();
  const ConfigValue* dataset = value->find("dataset");
  const Component& component = has_benchmark ? config.benchmarks.front() : *config.report;
  return fmt::format("{} · {}", config.search_space.name,
                     dataset != nullptr ? dataset->scalar : component.name);
}

/// The space only knows at which character of the text something is wrong.
std::string canonical_text(const SearchSpace& space, const EvaluateConfig& config) try {
  return space.to_string(space.parse(config.architecture));
} catch (const UsageError& error) {
  ErrorDetails details = error.details();
  const std::string place = config.where.file.empty() ? "" : to_string(config.where);
  if (!place.empty()) details.where = details.where.empty() ? place : place + ": " + details.where;
  throw UsageError(details);
}

}  // namespace

ResultMetrics PreparedRun::metrics() const {
  return {.objectives = objective ? objective->metrics() : std::vector<Metric>(),
          .report = report ? std::optional(report->metric()) : std::nullopt};
}

SearchProblem PreparedRun::problem(const Stage& stage, std::uint64_t seed, const Budget& budget) const {
  const SearchSpace& searched = stage.space ? *stage.space : *space;
  if (!objective) return {.space = searched, .seed = seed, .budget = budget, .components = registry};
  SearchProblem problem = objective->problem(seed, budget);
  return {.space = searched,
          .seed = seed,
          .objectives = std::move(problem.objectives),
          .fidelities = std::move(problem.fidelities),
          .allowed = std::move(problem.allowed),
          .refusals = std::move(problem.refusals),
          .budget = budget,
          .components = registry};
}

PreparedRun prepare(const RunConfig& config, PluginRegistry& registry) {
  check_names(config, registry);
  RunBuilder builder(registry);
  PreparedRun& run = builder.run;
  builder.space_and_dataset(config.search_space, config.dataset);
  std::shared_ptr<Recipe<Trainer>> trainer;
  if (config.trainer) {
    trainer = builder.keep<Trainer>(*config.trainer, "trainer");
    builder.resolve("trainer", trainer->resolved());
  }
  builder.benchmarks(config);
  if (config.select) {
    run.selection = builder.training("select", *config.select);
    builder.resolve("select", run.selection->resolved());
  }
  if (config.evaluate) {
    run.evaluation = builder.training("evaluate", config.evaluate->trainer);
    builder.resolve_evaluate(*config.evaluate);
  }
  if (config.baselines) {
    check_baselines(*config.baselines, *run.space, builder.resolved("search_space"));
    builder.resolve("baselines", config.baselines->to_config());
  }
  run.first_seed = config.seeds.front();
  builder.methods(config, trainer);
  builder.resolve("seeds", seeds_to_config(config.seeds));
  if (!config.paper_results.empty()) builder.resolve("paper_results", resolve_paper_results(config));
  PreparedRun prepared = std::move(builder).finish(
      {"search_space", "optimizer", "benchmark", "report", "objectives", "constraints", "dataset", "trainer",
       "select", "evaluate", "baselines", "seeds", "paper_results"});
  prepared.title = title_of(config, prepared.resolved);
  return prepared;
}

PreparedRun prepare(const EvaluateConfig& config, PluginRegistry& registry) {
  RunBuilder builder(registry);
  PreparedRun& run = builder.run;
  builder.space_and_dataset(config.search_space, config.dataset);
  const std::string architecture = canonical_text(*run.space, config);
  run.evaluation = builder.training("evaluate", config.evaluate.trainer);
  builder.resolve_evaluate(config.evaluate);
  builder.resolve("architecture", ConfigValue::of(architecture, true));
  if (config.evaluate.seeds.empty()) builder.resolve("seed", ConfigValue::of(std::to_string(config.seed)));
  return std::move(builder).finish({"search_space", "architecture", "dataset", "evaluate", "seed"});
}

}  // namespace espalier::host
