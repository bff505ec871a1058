#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>

#include "epoch_report.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/network/training/data_loader.h"
#include "espalier/network/training/image_set.h"
#include "espalier/search/journal.h"
#include "espalier/search/trainer.h"

struct SearchOptions {
  espalier::WeightTraining training;
  std::size_t batch_size = 64;
  double train_fraction = 0.5;
  std::size_t images = 0;
  espalier::Augmentation augmentation;
  std::uint64_t checkpoint_steps = 0;
};

/// One search: its place in the epochs, and what goes into a checkpoint.
class BilevelSearch {
 public:
  BilevelSearch(const SearchOptions& options, const espalier::CompileOptions& compile,
                espalier::OneShotOptimizer& optimizer, const espalier::Resources& resources,
                espalier::Journal& journal);

  /// Throws espalier::Interrupted after a checkpoint when the journal asks to stop.
  void run();

 private:
  void restore(const nlohmann::json& state);
  nlohmann::json state() const;
  void run_epoch();
  void report_progress();
  void begin_loaders();

  const SearchOptions& options_;
  espalier::OneShotOptimizer& optimizer_;
  const espalier::Resources& resources_;
  espalier::Journal& journal_;
  espalier::ImageSet images_;
  std::unique_ptr<espalier::DataLoader> train_;
  std::unique_ptr<espalier::DataLoader> validation_;
  std::uint64_t steps_;  ///< in an epoch
  int epoch_ = 0;
  std::uint64_t step_ = 0;
  EpochTotals totals_;
  double images_per_second_ = 0.0;
};
