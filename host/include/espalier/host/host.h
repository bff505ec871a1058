#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "espalier/data/dataset.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/plugin/export.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/predictor.h"
#include "espalier/search/report.h"
#include "espalier/search/trainer.h"
#include "espalier/space/search_space.h"

namespace espalier::host {

/// Espalier for a C++ program: plugins by name, options as YAML text. All functions are [any-thread].
///
///     espalier::host::Host host;
///     auto space = host.search_space("nasbench201");
///     auto optimizer = host.optimizer("regularized_evolution", "{population_size: 50}");
///     auto benchmark = host.benchmark("nasbench201", *space, "{dataset: cifar10}");
///     auto trainer = host.trainer("discrete", "{trials: 1000}");
///     const espalier::ObjectiveFunction objective(*benchmark);
///     optimizer->adapt(objective.problem(0, trainer->budget()));
///     auto result = trainer->search(*optimizer, {.objective = &objective});
class ESPALIER_EXPORT Host {
 public:
  /// `plugin_path` lists folders to search before the usual ones.
  explicit Host(const std::vector<std::filesystem::path>& plugin_path = {});

  /// Makes a plugin of any kind: `host.make<Optimizer>("gdas", "{tau_max: 5}")`. Throws what
  /// PluginRegistry::make() throws.
  template <class Interface>
  std::unique_ptr<Interface> make(const std::string& name, const std::string& options = "") {
    return registry_.make<Interface>(name, read(plugin_kind<Interface>, name, options));
  }

  std::unique_ptr<SearchSpace> search_space(const std::string& name, const std::string& options = "") {
    return make<SearchSpace>(name, options);
  }
  std::unique_ptr<Optimizer> optimizer(const std::string& name, const std::string& options = "") {
    return make<Optimizer>(name, options);
  }
  std::unique_ptr<Trainer> trainer(const std::string& name, const std::string& options = "") {
    return make<Trainer>(name, options);
  }
  std::unique_ptr<Dataset> dataset(const std::string& name, const std::string& options = "") {
    return make<Dataset>(name, options);
  }
  /// Adapted to `space`, given `dataset` where it trains on one, and prepared where it needs that.
  std::unique_ptr<Benchmark> benchmark(const std::string& name, const SearchSpace& space,
                                       const std::string& options = "", const Dataset* dataset = nullptr);
  /// Adapted to `space`.
  std::unique_ptr<Predictor> predictor(const std::string& name, const SearchSpace& space,
                                       const std::string& options = "") {
    auto predictor = make<Predictor>(name, options);
    predictor->adapt(space);
    return predictor;
  }

  PluginRegistry& plugins() { return registry_; }

 private:
  /// The options of a plugin, written as YAML.
  static Config read(const std::string& kind, const std::string& name, const std::string& options);

  PluginRegistry registry_;
};

}  // namespace espalier::host
