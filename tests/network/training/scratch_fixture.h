#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "espalier/host/config/yaml.h"
#include "espalier/host/host.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/network/training/scratch_training.h"
#include "network/training/headed_space.h"
#include "network/training/memory_journal.h"
#include "own_path.h"

namespace espalier::testing {

/// Trainings of a network with an auxiliary head, a batch norm and a path that may be dropped: two epochs of
/// three steps, in a fraction of a second.
class ScratchOptionsFixture : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kSeed = 3;
  static constexpr std::size_t kSteps = 3;  ///< of an epoch: 100 images in batches of 32, the rest left out

  ScratchOptionsFixture() {
    options_.sgd.epochs = 2;
    options_.sgd.batch_size = 32;
    options_.sgd.learning_rate = 0.1;
    options_.drop_path = 0.0;
    options_.augmentation = {.crop_padding = 1, .flip = true, .cutout = 2};
    compile_ = Execution(Config(host::parse_yaml("threads: 1", "test"))).start();
  }

  ScratchTraining training() const { return {space_, {1}, images_, options_, compile_, kSeed}; }

  /// Trains at once.
  MemoryJournal trained(const TrainingLimits& limits = {}) const {
    MemoryJournal journal;
    training().run(journal, limits);
    return journal;
  }
  /// Trains with a kill after each of some steps.
  MemoryJournal trained_in_parts(const TrainingLimits& limits = {}) const {
    MemoryJournal journal;
    for (const int stop_after : {1, 3, 4}) {  // within an epoch, at its end, and again within one
      journal.reports = 0;
      journal.stop_after = stop_after;
      try {
        training().run(journal, limits);
        break;  // a training may be shorter than all of these
      } catch (const Interrupted&) {
      }
    }
    journal.stop_after = 1'000'000;
    training().run(journal, limits);
    return journal;
  }

  /// A file of the weights that a training gives.
  static std::filesystem::path file_of(const std::string& weights, const std::string& name) {
    const auto file = own_path(name + ".safetensors");
    std::ofstream(file, std::ios::binary) << weights;
    return file;
  }

  host::Host host_;
  HeadedSpace space_ = HeadedSpace(true);
  std::unique_ptr<Dataset> data_ =
      host_.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 100, test_size: 40}");
  ImageSet images_ = load_images(*data_, Split::train);
  ImageSet held_out_ = load_images(*data_, Split::test);
  ScratchOptions options_;
  CompileOptions compile_;
};

}  // namespace espalier::testing
