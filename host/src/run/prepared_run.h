#pragma once

#include <memory>
#include <string>

#include "espalier/config/config_value.h"
#include "espalier/data/dataset.h"
#include "espalier/host/config/run_config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/trainer.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// A config whose plugins all exist and accept their options.
struct PreparedRun {
  ConfigValue resolved;  ///< every default filled in, nothing of this machine
  std::string title;     ///< "nasbench201 · cifar10"
  std::unique_ptr<SearchSpace> space;
  std::unique_ptr<Dataset> dataset;
  std::unique_ptr<Benchmark> benchmark;  ///< open; after the two that it refers to
  bool uses_all_cores = false;           ///< of a trainer or the benchmark

  Resources resources() const { return {.benchmark = benchmark.get(), .dataset = dataset.get()}; }
};

/// A component with every default filled in, as the plugin that read `options` takes them.
ConfigValue resolve(const Component& component, const Config& options);
/// The same of a section: the trainer, and the seeds where it names some.
ConfigValue resolve(const EvaluateSection& section, const Config& options);

/// Creates each plugin once, so that a mistake is refused before anything runs or is written. Throws
/// UsageError.
PreparedRun prepare(const RunConfig& config, PluginRegistry& registry);

}  // namespace espalier::host
