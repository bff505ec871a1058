#include "run/prepared_run.h"

#include <fmt/format.h>

#include <utility>

#include "config/seeds.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/trainer.h"

namespace espalier::host {
namespace {

ConfigValue make_map() {
  ConfigValue map;
  map.kind = ConfigValue::Kind::map;
  return map;
}

}  // namespace

ConfigValue resolve(const Component& component, const Config& options) {
  ConfigValue map = make_map();
  map.set("name", ConfigValue::of(component.name));
  if (component.label != component.name) map.set("label", ConfigValue::of(component.label, true));
  for (const auto& [key, value] : options.resolved().entries) map.set(key, value);
  return map;
}

ConfigValue resolve(const EvaluateSection& section, const Config& options) {
  ConfigValue map = resolve(section.trainer, options);
  if (!section.seeds.empty()) map.set("seeds", seeds_to_config(section.seeds));
  return map;
}

namespace {

ConfigValue resolve_published(const RunConfig& config) {
  ConfigValue figures = make_map();
  for (const auto& [label, figure] : config.published) {
    ConfigValue entry = make_map();
    entry.set("mean", ConfigValue::of(fmt::to_string(figure.mean)));
    entry.set("std", ConfigValue::of(fmt::to_string(figure.standard_deviation)));
    figures.set(label, entry);
  }
  ConfigValue published = make_map();
  if (!config.published_source.empty())
    published.set("source", ConfigValue::of(config.published_source, true));
  published.set("figures", figures);
  return published;
}

/// `select:` or `evaluate:`. Gives its options as the trainer reads them.
Config prepare_training(const std::string& key, const Component& component, PluginRegistry& registry,
                        PreparedRun& run) {
  Config options(component.options, key);
  const auto trainer = registry.trainer(component.name, options);
  if (!run.dataset) {
    throw UsageError({.what = fmt::format("{}: trains networks, and there is no dataset", key),
                      .where = to_string(component.options.where),
                      .expected = "images of the shape that the search space takes",
                      .remedy = "add one, e.g. dataset: fashion_mnist"});
  }
  call_plugin(*trainer, "check_evaluation()", [&] { trainer->check_evaluation(*run.space, *run.dataset); });
  if (key == "select") call_plugin(*trainer, "check_selection()", [&] { trainer->check_selection(); });
  run.uses_all_cores |= uses_all_cores(*trainer);
  return options;
}

/// The benchmark's dataset belongs to what the figures mean.
std::string title_of(const RunConfig& config, const ConfigValue& resolved) {
  const ConfigValue* benchmark = resolved.find("benchmark");
  if (benchmark == nullptr) return config.search_space.name;
  const ConfigValue* dataset = benchmark->find("dataset");
  return fmt::format("{} · {}", config.search_space.name,
                     dataset != nullptr ? dataset->scalar : config.benchmark->name);
}

}  // namespace

PreparedRun prepare(const RunConfig& config, PluginRegistry& registry) {
  PreparedRun run;
  run.resolved = make_map();

  const Config space_options(config.search_space.options, "search_space");
  run.space = registry.search_space(config.search_space.name, space_options);
  run.resolved.set("search_space", resolve(config.search_space, space_options));

  const Config trainer_options(config.trainer.options, "trainer");
  const auto trainer = registry.trainer(config.trainer.name, trainer_options);

  const auto dataset_options = config.dataset ? Config(config.dataset->options, "dataset") : Config();
  if (config.dataset) run.dataset = registry.dataset(config.dataset->name, dataset_options);

  const auto benchmark_options = config.benchmark ? Config(config.benchmark->options, "benchmark") : Config();
  if (config.benchmark) {
    run.benchmark = registry.benchmark(config.benchmark->name, benchmark_options);
    run.benchmark->adapt(*run.space, run.dataset.get());
  }
  ConfigValue trainings = make_map();
  if (config.select)
    trainings.set("select",
                  resolve(*config.select, prepare_training("select", *config.select, registry, run)));
  if (config.evaluate)
    trainings.set("evaluate", resolve(*config.evaluate,
                                      prepare_training("evaluate", config.evaluate->trainer, registry, run)));
  run.uses_all_cores |= uses_all_cores(*trainer) || (run.benchmark && uses_all_cores(*run.benchmark));

  ConfigValue optimizers;
  optimizers.kind = ConfigValue::Kind::list;
  for (const Component& component : config.optimizers) {
    const Config options(component.options, "optimizer");
    const auto optimizer = registry.optimizer(component.name, options);
    optimizer->adapt(*run.space, config.seeds.front());
    call_plugin(*trainer, "check()", [&] { trainer->check(*optimizer, run.resources()); });
    optimizers.items.push_back(resolve(component, options));
  }
  run.resolved.set("optimizer", optimizers);
  if (config.benchmark) run.resolved.set("benchmark", resolve(*config.benchmark, benchmark_options));
  if (config.dataset) run.resolved.set("dataset", resolve(*config.dataset, dataset_options));
  run.resolved.set("trainer", resolve(config.trainer, trainer_options));
  for (const auto& [key, value] : trainings.entries) run.resolved.set(key, value);
  run.resolved.set("seeds", seeds_to_config(config.seeds));
  if (!config.published.empty()) run.resolved.set("published", resolve_published(config));
  run.title = title_of(config, run.resolved);
  return run;
}

}  // namespace espalier::host
