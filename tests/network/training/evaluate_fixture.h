#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "espalier/host/host.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/network/training/scratch_training.h"
#include "host/program/program_fixture.h"

namespace espalier::testing {

inline constexpr const char* kSpace =
    "{name: nasbench201, channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}";
inline constexpr const char* kData =
    "{name: synthetic, image_size: 8, classes: 4, train_size: 320, test_size: 100}";
inline constexpr const char* kCell =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+|skip_connect~0|avg_pool_3x3~1|nor_conv_3x3~2|";

/// Runs that train what they found, in a second or so.
class EvaluateTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("run.yaml",
          std::string("search_space: ") + kSpace + "\ndataset: " + kData +
              "\noptimizer: {name: random_search, label: random}\n"
              "benchmark: nasbench201\n"
              "trainer: {name: discrete, trials: 20}\n"
              "evaluate: {epochs: 4, batch_size: 32, learning_rate: 0.1, crop_padding: 0, cutout: 0, "
              "flip: false, drop_path: 0, threads: 1}\n"
              "seeds: 0..1\n");
  }

  nlohmann::json result(const std::string& run, const std::string& file) const {
    return nlohmann::json::parse(text_of(folder_ / run / file));
  }
  double test_of_weights(const fs::path& file, const std::string& architecture) const {
    host::Host host;
    const auto space =
        host.search_space("nasbench201", "{channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}");
    const auto data =
        host.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 320, test_size: 100}");
    ScratchTraining training(*space, space->parse(architecture), load_images(*data, Split::train),
                             {.sgd = {.batch_size = 32}}, {}, 99);
    load_weights(file, training.network());
    return 100.0 * training.test(load_images(*data, Split::test)).correct;
  }
};

}  // namespace espalier::testing
