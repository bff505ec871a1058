#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calibration.h"
#include "engine.h"
#include "engine_options.h"
#include "espalier/config/config.h"
#include "espalier/plugin/reads_files.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/has_remarks.h"
#include "espalier/search/needs_preparation.h"

/// Measures how long the network of an architecture takes on this machine, or predicts it by a model that is
/// fitted to measurements as the benchmark's preparation.
class LatencyBenchmark : public espalier::Benchmark,
                         public espalier::NeedsPreparation,
                         public espalier::HasRemarks,
                         public espalier::ReadsFiles,
                         public espalier::UsesAllCores {
 public:
  /// The option `engine` takes the names of `engines`, the first by default.
  LatencyBenchmark(const espalier::Config& config, const Engines& engines);

  bool uses_all_cores() const override { return !predicts_; }
  /// A table of predictions, or the versions of what measures.
  bool needs_preparation() const override {
    return predicts_ ? table_.empty() : engine_->is_another_program();
  }
  std::string prepare(espalier::Journal& journal) override;
  void load_preparation(std::string_view bytes) override;
  std::vector<std::string> remarks() const override;
  std::vector<std::filesystem::path> files() const override;

 protected:
  std::vector<espalier::Metric> metrics_impl() const override;
  void adapt_impl(const espalier::SearchSpace& space) override;
  double value_impl(const espalier::Architecture& architecture,
                    const espalier::Lookup& lookup) const override;

 private:
  void take(std::string_view bytes, const espalier::SearchSpace& space);
  double measured(const espalier::Architecture& architecture) const;
  void watch(const Reading& reading) const;

  std::string engine_name_;
  EngineOptions engine_options_;
  CalibrationOptions calibration_options_;
  bool predicts_;
  std::filesystem::path table_;
  std::unique_ptr<Engine> engine_;
  std::optional<Calibration> calibration_;
  std::string versions_;  ///< with which the run began to measure; empty where nothing has them
  mutable std::vector<Reading> readings_;  ///< so far; guarded by the mutex of the clock
  mutable bool warned_ = false;            ///< guarded by the same
};
