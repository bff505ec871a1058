#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/data/dataset.h"
#include "espalier/host/config/run_config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/host/run/evaluate.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/resources.h"
#include "espalier/search/trainer.h"
#include "espalier/space/search_space.h"
#include "run/recipe.h"

namespace espalier::host {

/// One optimizer of a run and what drives it.
struct Method {
  std::shared_ptr<Recipe<Optimizer>> optimizer;
  std::shared_ptr<Recipe<Trainer>> trainer;  ///< the optimizer's own, or the one that several share

  const std::string& label() const { return optimizer->component().label; }
};

/// The plugins of a run, each made once and checked against the others.
struct PreparedRun {
  ConfigValue resolved;  ///< every default filled in, nothing of this machine
  std::string title;     ///< "nasbench201 · cifar10"
  std::vector<NamedPlugin> plugins;
  std::unique_ptr<SearchSpace> space;
  std::unique_ptr<Dataset> dataset;
  std::unique_ptr<Benchmark> benchmark;  ///< adapted; declared after the two that it refers to
  std::vector<Method> methods;           ///< in the order of the config
  std::unique_ptr<Recipe<Trainer>> selection;
  std::unique_ptr<Recipe<Trainer>> evaluation;
  std::uint64_t first_seed = 0;  ///< the one that the first optimizers were adapted with
  bool uses_all_cores = false;   ///< whether a trainer or the benchmark keeps all cores busy by itself

  Resources resources() const { return {.benchmark = benchmark.get(), .dataset = dataset.get()}; }
};

/// Makes the plugins, so that a mistake is refused before anything runs or is written. Throws UsageError.
PreparedRun prepare(const RunConfig& config, PluginRegistry& registry);

/// The same for an architecture that is given: a run of one stage, without optimizers.
PreparedRun prepare(const EvaluateConfig& config, PluginRegistry& registry);

}  // namespace espalier::host
