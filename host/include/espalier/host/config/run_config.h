#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "espalier/config/component.h"
#include "espalier/config/config_value.h"
#include "espalier/host/config/baselines_section.h"
#include "espalier/host/config/evaluate_section.h"
#include "espalier/host/config/objectives_section.h"
#include "espalier/host/config/stage_config.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// A figure from a paper to print beside our own.
struct PaperResult {
  double mean = 0.0;
  double standard_deviation = 0.0;
  Location where = {};  ///< of its label in the config
};

/// A whole run: its plugins by name, and the seeds. All keys but the first three and `seeds` are optional.
///
///     search_space: nasbench201
///     optimizer: [random_search, {name: gdas, trainer: {name: one_shot, epochs: 20}}]
///     # or {name: …, stages: [{search_space: {cells: 5}}, {trainer: {epochs: 9}}]}: see StageConfig
///     trainer: {name: discrete, trials: 1000}  # drives the optimizers that bring none
///     benchmark: {name: nasbench201}  # or a list: the first that knows a metric answers
///     report: {name: nasbench201, dataset: cifar100}  # judges what was found, unseen by optimizers
///     objectives: [validation_accuracy, raspi4_latency]  # the benchmark's own by default
///     constraints: {parameters: 0.5e6}  # what every architecture must keep
///     dataset: fashion_mnist  # for what trains networks
///     evaluate: {epochs: 600, seeds: 0..1}  # trains what a search found from scratch
///     baselines: [resnet, random: 3]  # trained like what was found, to compare it with
///     select: {epochs: 100, train_fraction: 0.5}  # trains briefly first, then only the best
///     seeds: 0..99  # or a list, or `seed: 7`
///     plugin_path: [my/plugins]  # relative to the config file
///     smoke: [trainer.epochs=1]  # what --smoke replaces, for a small version
///     paper_results: {source: "…", figures: {random_search: {mean: 94.17, std: 0.19}}}
///     plugins: {require: {optimizer/random_search: SHA-256}}  # nothing else loads
///     templates: {…}  # whatever the rest takes with *alias or <<: *alias; ignored itself
struct RunConfig {
  Component search_space;
  std::vector<Component> optimizers;  ///< labels are unique
  std::vector<Component> benchmarks;  ///< labels are unique
  std::optional<Component> report;    ///< the report benchmark; without it, the first benchmark that can
  ObjectivesSection objectives;
  std::optional<Component> dataset;
  std::optional<Component> trainer;               ///< drives the optimizers that bring none
  std::map<std::string, Component> own_trainers;  ///< by the label of the optimizer that brings it
  /// By the label of the optimizer that searches in stages.
  std::map<std::string, std::vector<StageConfig>> stages;
  std::optional<EvaluateSection> evaluate;
  /// What is trained as `evaluate` says, too, so that the searches can be compared with it.
  std::optional<BaselinesSection> baselines;
  /// Trains briefly what all seeds found; `evaluate` then trains only the best of it.
  std::optional<Component> select;
  std::vector<std::uint64_t> seeds;
  std::vector<std::filesystem::path> plugin_path;
  PluginPins plugin_pins;
  std::string paper_source;
  std::map<std::string, PaperResult> paper_results;  ///< by label

  /// [any-thread] What drives an optimizer of this config.
  ESPALIER_EXPORT const Component& trainer_of(const Component& optimizer) const;

  /// [any-thread] The keys that a config may have.
  static ESPALIER_EXPORT const std::vector<std::string>& keys();

  /// [any-thread] Applies the config's own list of overrides for a small version ("smoke: [trainer.epochs=1,
  /// …]"). Throws UsageError when it has no such list.
  static ESPALIER_EXPORT void make_small(ConfigValue& config);

  /// [any-thread] The folders of plugins that a config names, also where the rest of it is not right yet.
  /// Throws UsageError when they are not written as one or several folders.
  static ESPALIER_EXPORT std::vector<std::filesystem::path> plugin_path_of(const ConfigValue& config);

  /// [any-thread] Throws UsageError, with the place, what was expected and the nearest key, for anything that
  /// does not have the form above.
  static ESPALIER_EXPORT RunConfig from(const ConfigValue& config);
};

}  // namespace espalier::host
