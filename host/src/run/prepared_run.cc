#include "run/prepared_run.h"

#include <fmt/format.h>

#include <utility>

#include "config/seeds.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/uses_all_cores.h"

namespace espalier::host {
namespace {

ConfigValue resolve_published(const RunConfig& config) {
  ConfigValue figures = ConfigValue::map();
  for (const auto& [label, figure] : config.published) {
    figures.set(label,
                ConfigValue::map({{"mean", ConfigValue::of(fmt::to_string(figure.mean))},
                                  {"std", ConfigValue::of(fmt::to_string(figure.standard_deviation))}}));
  }
  ConfigValue published = ConfigValue::map();
  if (!config.published_source.empty())
    published.set("source", ConfigValue::of(config.published_source, true));
  published.set("figures", figures);
  return published;
}

/// The benchmark's dataset belongs to what the figures mean.
std::string title_of(const RunConfig& config, const ConfigValue& resolved) {
  const ConfigValue* benchmark = resolved.find("benchmark");
  if (benchmark == nullptr) return config.search_space.name;
  if (benchmark->kind == ConfigValue::Kind::list) benchmark = &benchmark->items.front();
  const ConfigValue* dataset = benchmark->find("dataset");
  return fmt::format("{} · {}", config.search_space.name,
                     dataset != nullptr ? dataset->scalar : config.benchmarks.front().name);
}

/// Fills a PreparedRun, one plugin after another.
class Preparation {
 public:
  explicit Preparation(PluginRegistry& registry) : registry_(registry) { run.registry = &registry; }

  /// A plugin that all jobs share.
  template <class Interface>
  std::unique_ptr<Interface> shared(const Component& component) {
    const auto recipe = keep<Interface>(component, plugin_kind<Interface>);
    resolved_.set(plugin_kind<Interface>, recipe->resolved());
    return recipe->make();
  }
  /// One that each job has for itself.
  template <class Interface>
  std::unique_ptr<Recipe<Interface>> keep(const Component& component, const std::string& path) {
    auto recipe = std::make_unique<Recipe<Interface>>(component, path, registry_);
    for (NamedPlugin& plugin : recipe->plugins()) run.plugins.push_back(std::move(plugin));
    return recipe;
  }

  std::unique_ptr<Benchmark> benchmark(const Component& component, const std::string& key,
                                       ConfigValue& resolved) {
    const auto recipe = keep<Benchmark>(component, key);
    auto benchmark = recipe->make();
    resolved = recipe->resolved();
    benchmark->adapt(*run.space, run.dataset.get());
    run.uses_all_cores |= uses_all_cores(*benchmark);
    return benchmark;
  }

  void benchmarks(const RunConfig& config) {
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
  }

  /// The benchmark that `report:` names, or else the first of the search that has something to report.
  void find_report() {
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

  /// The trainer of `select:` or `evaluate:`.
  std::unique_ptr<Recipe<Trainer>> training(const std::string& key, const Component& component) {
    auto recipe = keep<Trainer>(component, key);
    if (!run.dataset) {
      throw UsageError({.what = fmt::format("{}: trains networks, and there is no dataset", key),
                        .where = to_string(component.options.where),
                        .expected = "images of the shape that the search space takes",
                        .remedy = "add one, e.g. dataset: fashion_mnist"});
    }
    recipe->first().check_evaluation(*run.space, *run.dataset);
    if (key == "select") recipe->first().check_selection();
    run.uses_all_cores |= uses_all_cores(recipe->first());
    return recipe;
  }

  /// An optimizer, adapted with the first seed, and its trainer.
  Method method(const Component& component, std::shared_ptr<Recipe<Trainer>> trainer, std::uint64_t seed) {
    Method method{.optimizer = keep<Optimizer>(component, "optimizer"), .trainer = std::move(trainer)};
    method.optimizer->first().adapt(run.problem(seed, method.trainer->first().budget()));
    method.trainer->first().check(method.optimizer->first(), run.resources());
    run.uses_all_cores |= uses_all_cores(method.trainer->first());
    return method;
  }

  /// In the order in which a config is written, whatever the order in which the plugins were made.
  PreparedRun finish(const std::vector<std::string>& keys) && {
    run.resolved = ConfigValue::map();
    for (const std::string& key : keys)
      if (const ConfigValue* value = resolved_.find(key)) run.resolved.set(key, *value);
    return std::move(run);
  }

  void resolve(const std::string& key, ConfigValue value) { resolved_.set(key, std::move(value)); }
  void resolve_evaluate(const EvaluateSection& section) {
    ConfigValue value = run.evaluation->resolved();
    if (!section.seeds.empty()) value.set("seeds", seeds_to_config(section.seeds));
    resolve("evaluate", std::move(value));
  }

  PreparedRun run;

 private:
  PluginRegistry& registry_;
  ConfigValue resolved_ = ConfigValue::map();
};

std::vector<Method> methods_of(const RunConfig& config,
                               const std::shared_ptr<Recipe<Trainer>>& shared_trainer,
                               Preparation& preparation) {
  std::vector<Method> methods;
  ConfigValue resolved = ConfigValue::list();
  for (const Component& component : config.optimizers) {
    const auto own = config.own_trainers.find(component.label);
    const bool brings_one = own != config.own_trainers.end();
    std::shared_ptr<Recipe<Trainer>> trainer = shared_trainer;
    if (brings_one) trainer = preparation.keep<Trainer>(own->second, "optimizer.trainer");
    methods.push_back(preparation.method(component, std::move(trainer), config.seeds.front()));
    ConfigValue value = methods.back().optimizer->resolved();
    if (brings_one) value.set("trainer", methods.back().trainer->resolved());
    resolved.items.push_back(std::move(value));
  }
  preparation.resolve("optimizer", std::move(resolved));
  return methods;
}

}  // namespace

ResultMetrics PreparedRun::metrics() const {
  return {.objectives = objective ? objective->metrics() : std::vector<Metric>(),
          .report = report ? std::optional(report->metric()) : std::nullopt};
}

SearchProblem PreparedRun::problem(std::uint64_t seed, const Budget& budget) const {
  SearchProblem problem = objective ? objective->problem(seed, budget)
                                    : SearchProblem{.space = *space, .seed = seed, .budget = budget};
  problem.components = registry;
  return problem;
}

PreparedRun prepare(const RunConfig& config, PluginRegistry& registry) {
  Preparation preparation(registry);
  PreparedRun& run = preparation.run;
  run.space = preparation.shared<SearchSpace>(config.search_space);
  std::shared_ptr<Recipe<Trainer>> trainer;
  if (config.trainer) {
    trainer = preparation.keep<Trainer>(*config.trainer, "trainer");
    preparation.resolve("trainer", trainer->resolved());
  }
  if (config.dataset) run.dataset = preparation.shared<Dataset>(*config.dataset);
  preparation.benchmarks(config);
  if (config.select) {
    run.selection = preparation.training("select", *config.select);
    preparation.resolve("select", run.selection->resolved());
  }
  if (config.evaluate) {
    run.evaluation = preparation.training("evaluate", config.evaluate->trainer);
    preparation.resolve_evaluate(*config.evaluate);
  }
  run.first_seed = config.seeds.front();
  run.methods = methods_of(config, trainer, preparation);
  preparation.resolve("seeds", seeds_to_config(config.seeds));
  if (!config.published.empty()) preparation.resolve("published", resolve_published(config));
  PreparedRun prepared =
      std::move(preparation)
          .finish({"search_space", "optimizer", "benchmark", "report", "objectives", "constraints", "dataset",
                   "trainer", "select", "evaluate", "seeds", "published"});
  prepared.title = title_of(config, prepared.resolved);
  return prepared;
}

PreparedRun prepare(const EvaluateConfig& config, PluginRegistry& registry) {
  Preparation preparation(registry);
  PreparedRun& run = preparation.run;
  run.space = preparation.shared<SearchSpace>(config.search_space);
  run.dataset = preparation.shared<Dataset>(config.dataset);
  const std::string architecture = run.space->to_string(run.space->parse(config.architecture));
  run.evaluation = preparation.training("evaluate", config.evaluate.trainer);
  preparation.resolve_evaluate(config.evaluate);
  preparation.resolve("architecture", ConfigValue::of(architecture, true));
  if (config.evaluate.seeds.empty())
    preparation.resolve("seed", ConfigValue::of(std::to_string(config.seed)));
  return std::move(preparation).finish({"search_space", "architecture", "dataset", "evaluate", "seed"});
}

}  // namespace espalier::host
