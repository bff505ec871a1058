#pragma once

#include <array>

namespace espalier::host {

/// The files of a run, in its directory. No label may be one of them.
struct RunFiles {
  static constexpr const char* config = "config.yaml";
  static constexpr const char* inputs = "inputs.json";
  static constexpr const char* environment = "environment.json";
  static constexpr const char* measurements = "measurements.jsonl";
  static constexpr const char* metrics = "metrics.json";
  static constexpr const char* summary = "summary.json";
  static constexpr const char* summary_table = "summary.csv";
  static constexpr const char* anytime = "anytime.csv";
  static constexpr const char* lock = "run.lock";
  /// The folder of a report, unless another is named.
  static constexpr const char* report = "report";
  /// The folder of the baselines, each of which is a run of its own with a given architecture.
  static constexpr const char* baselines = "baselines";

  /// Made from the plugins and the results whenever the run goes on or is shown.
  static constexpr std::array made_anew = {metrics, summary, summary_table, anytime};
  /// All but the lock, in the order in which they are removed: a directory that still holds something of a
  /// run is known as a run's.
  static constexpr std::array all = {metrics,     summary,      summary_table, anytime,
                                     environment, measurements, inputs,        config};
};

}  // namespace espalier::host
