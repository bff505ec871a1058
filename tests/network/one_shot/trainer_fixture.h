#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "espalier/host/host.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/report.h"
#include "espalier/search/trainer.h"
#include "network/one_shot/hooked_optimizer.h"
#include "network/training/memory_journal.h"

namespace espalier::testing {

/// Drives optimizers of a test by the trainer one_shot, on a small supernet with a table; each epoch has 4
/// steps.
class DrivenSearch : public ::testing::Test {
 protected:
  SearchResult search(HookedOptimizer& optimizer, MemoryJournal& journal, const std::string& options = "") {
    optimizer.adapt({.space = *space_, .seed = 5});
    const auto trainer =
        host_.trainer("one_shot", "{batch_size: 16, crop_padding: 1, threads: 1" + options + "}");
    return trainer->search(optimizer, {.objective = &objective_, .report = &report_, .dataset = data_.get()},
                           journal);
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ =
      host_.search_space("nasbench201", "{channels: 2, cells_per_stage: 1, image_size: 8, classes: 4}");
  std::unique_ptr<Dataset> data_ =
      host_.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 128, test_size: 16}");
  std::unique_ptr<Benchmark> benchmark_ = host_.benchmark("nasbench201", *space_);
  ObjectiveFunction objective_{*benchmark_};
  Report report_{*benchmark_};
};

}  // namespace espalier::testing
