#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "espalier/host/config/run_config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "run/prepared_run.h"
#include "run/recipe.h"

namespace espalier::host {

/// Fills a PreparedRun, one plugin after another, and notes the config that each of them resolved.
class RunBuilder {
 public:
  explicit RunBuilder(PluginRegistry& registry);

  /// A plugin that all jobs share.
  template <class Interface>
  std::unique_ptr<Interface> shared(const Component& component, ConfigValue assumed = ConfigValue::map()) {
    const auto recipe = keep<Interface>(component, plugin_kind<Interface>, std::move(assumed));
    resolved_.set(plugin_kind<Interface>, recipe->resolved());
    return recipe->make();
  }
  /// One that each job has for itself.
  template <class Interface>
  std::unique_ptr<Recipe<Interface>> keep(const Component& component, const std::string& path,
                                          ConfigValue assumed = ConfigValue::map()) {
    auto recipe = std::make_unique<Recipe<Interface>>(component, path, registry_, std::move(assumed));
    for (NamedPlugin& plugin : recipe->plugins()) run.plugins.push_back(std::move(plugin));
    return recipe;
  }

  /// The dataset, where there is one, and the space: what the space is not told it takes from the dataset.
  void space_and_dataset(const Component& space, const std::optional<Component>& dataset);
  /// The benchmarks, the report and the objective function. Space and dataset come before.
  void benchmarks(const RunConfig& config);
  /// The trainer of `select:` or `evaluate:`.
  std::unique_ptr<Recipe<Trainer>> training(const std::string& key, const Component& component);
  /// The optimizers, each adapted with the first seed, and their trainers. `shared_trainer` is that of those
  /// that bring none.
  void methods(const RunConfig& config, const std::shared_ptr<Recipe<Trainer>>& shared_trainer);

  void resolve(const std::string& key, ConfigValue value) { resolved_.set(key, std::move(value)); }
  /// What was resolved of a key before.
  const ConfigValue& resolved(const std::string& key) const { return *resolved_.find(key); }
  void resolve_evaluate(const EvaluateSection& section);

  /// `keys` orders the resolved config as one writes it, whatever the order in which the plugins were made.
  PreparedRun finish(const std::vector<std::string>& keys) &&;

  PreparedRun run;

 private:
  std::unique_ptr<Benchmark> benchmark(const Component& component, const std::string& key,
                                       ConfigValue& resolved);
  void find_report();
  void remark_on_seen_report(const RunConfig& config);

  PluginRegistry& registry_;
  ConfigValue resolved_ = ConfigValue::map();
};

}  // namespace espalier::host
