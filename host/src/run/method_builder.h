#pragma once

#include <cstddef>
#include <memory>

#include "espalier/config/config_value.h"
#include "espalier/host/config/run_config.h"
#include "run/prepared_run.h"
#include "run/recipe.h"

namespace espalier::host {

class RunBuilder;

/// Makes the optimizers of a run and their trainers, and what each stage has of its own. Each optimizer is
/// adapted with the first seed of the run.
class MethodBuilder {
 public:
  /// `shared_trainer` is that of the optimizers that bring none. All three outlive it.
  MethodBuilder(RunBuilder& builder, const RunConfig& config,
                const std::shared_ptr<Recipe<Trainer>>& shared_trainer)
      : builder_(builder), config_(config), shared_trainer_(shared_trainer) {}

  /// Writes the entry of the optimizer in the resolved config to `resolved`. Throws UsageError.
  Method build(const Component& optimizer, ConfigValue& resolved);

 private:
  /// The trainer that the optimizer brings, or else the shared one.
  std::shared_ptr<Recipe<Trainer>> trainer_of(const Component& optimizer, ConfigValue& resolved);
  /// Where that one stands in the resolved config.
  std::string trainer_key(const Component& optimizer) const;
  Stage stage(const StageConfig& config, const std::shared_ptr<Recipe<Trainer>>& trainer,
              ConfigValue& resolved);
  std::shared_ptr<const SearchSpace> space(const Component& component, ConfigValue& resolved);
  /// The values of the growing options of the stage's trainer, which stand at `path` in the resolved config;
  /// their keys are noted.
  OrderedJson budget_of(const Stage& stage, const std::string& path);
  /// Adapts the optimizer, and checks that the trainer can drive it.
  void adapt(const Stage& stage);

  RunBuilder& builder_;
  const RunConfig& config_;
  const std::shared_ptr<Recipe<Trainer>>& shared_trainer_;
};

}  // namespace espalier::host
