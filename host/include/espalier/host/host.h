#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "espalier/data/dataset.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/plugin/export.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/trainer.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// Espalier for a C++ program: plugins by name, options as YAML text.
///
///     espalier::host::Host host;
///     auto space = host.search_space("nasbench201");
///     auto optimizer = host.optimizer("regularized_evolution", "{population_size: 50}");
///     auto benchmark = host.benchmark("nasbench201", *space, "{dataset: cifar10}");
///     auto trainer = host.trainer("discrete", "{trials: 1000}");
///     optimizer->adapt(*space, 0);
///     auto result = trainer->search(*optimizer, {.benchmark = benchmark.get()});
class ESPALIER_EXPORT Host {
 public:
  /// `plugin_path`: folders to search before the usual ones.
  explicit Host(const std::vector<std::filesystem::path>& plugin_path = {});

  std::unique_ptr<SearchSpace> search_space(const std::string& name, const std::string& options = "");
  std::unique_ptr<Optimizer> optimizer(const std::string& name, const std::string& options = "");
  /// Opened for `space`, and `dataset` where it trains on one.
  std::unique_ptr<Benchmark> benchmark(const std::string& name, const SearchSpace& space,
                                       const std::string& options = "", const Dataset* dataset = nullptr);
  std::unique_ptr<Trainer> trainer(const std::string& name, const std::string& options = "");
  std::unique_ptr<Dataset> dataset(const std::string& name, const std::string& options = "");

  PluginRegistry& plugins() { return registry_; }

 private:
  PluginRegistry registry_;
};

}  // namespace espalier::host
