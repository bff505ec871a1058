#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "epoch_report.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/network/training/augmentation.h"
#include "espalier/network/training/data_loader.h"
#include "espalier/network/training/image_options.h"
#include "espalier/search/journal.h"
#include "espalier/search/resources.h"

struct SearchOptions {
  espalier::WeightTraining training;
  espalier::ImageOptions images;
  espalier::Augmentation augmentation;
  std::uint64_t checkpoint_steps = 0;  ///< 0: checkpoints only between epochs
};

/// One search: how far it is, and what a checkpoint of it holds.
class BilevelSearch {
 public:
  BilevelSearch(const SearchOptions& options, const espalier::CompileOptions& compile,
                espalier::OneShotOptimizer& optimizer, const espalier::Resources& resources,
                espalier::Journal& journal);

  /// Searches to the last epoch, or as long as the optimizer wants. Throws espalier::Interrupted after a
  /// checkpoint when the journal asks to stop.
  void run();
  /// How many epochs are done.
  int epochs() const { return epoch_; }

 private:
  void restore(const nlohmann::json& state);
  nlohmann::json state() const;
  void run_epoch();
  /// Whether no further epoch begins.
  bool was_last() const;
  /// Writes the event of the epoch that ended.
  void report();
  /// Between two steps: writes a checkpoint where it is due, and stops where the journal asks for it.
  void pause(bool checkpoint_due);
  void report_progress();
  /// After a part of what the optimizer does between or after the epochs: tells so, and pauses.
  void report_part(std::string_view when);

  const SearchOptions& options_;
  espalier::OneShotOptimizer& optimizer_;
  const espalier::Resources& resources_;
  espalier::Journal& journal_;
  espalier::DividedImages images_;
  espalier::DataLoader train_;
  espalier::DataLoader validation_;
  espalier::SearchImages search_images_;
  std::uint64_t steps_;  ///< of each epoch
  int epoch_ = 0;
  std::uint64_t step_ = 0;
  EpochTotals totals_;
  std::uint64_t parts_ = 0;  ///< of what follows this epoch, or the last one: how many are done
  double images_per_second_ = 0.0;
};
