#pragma once

#include <map>
#include <string>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"
#include "espalier/search/objective_function.h"

namespace espalier::host {

/// What a search optimizes and must keep, as a config says it:
///
///     objectives: [validation_accuracy, {metric: raspi4_latency, reference: 30}]
///     constraints: {parameters: 0.5e6, validation_accuracy: {min: 80}}
///
/// A constraint of one number is the worst value that is allowed. The reference is the objective's worst
/// value for the hypervolume; by default the worst of all fronts of the run.
struct ObjectivesSection {
  std::vector<MetricName> metrics;           ///< empty: what the first benchmark says
  std::map<std::string, double> references;  ///< by metric
  std::vector<Constraint> constraints;

  /// [any-thread] Reads the two keys of a whole config; both may be missing. Throws UsageError for anything
  /// that does not have the form above.
  static ESPALIER_EXPORT ObjectivesSection from(const ConfigValue& config);

  /// [any-thread] The two keys as a config has them; null where a key is missing.
  ESPALIER_EXPORT ConfigValue objectives_to_config() const;
  ESPALIER_EXPORT ConfigValue constraints_to_config() const;
};

}  // namespace espalier::host
