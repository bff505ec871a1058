#include "espalier/network/training/scratch_training.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/host.h"
#include "espalier/network/compile/execution.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/space/search_space.h"
#include "network/training/headed_space.h"
#include "network/training/memory_journal.h"
#include "own_path.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::SizeIs;

class ScratchTrainingTest : public ::testing::Test {
 protected:
  static constexpr const char* kSpace = "{channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}";
  static constexpr const char* kCell =
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+|skip_connect~0|avg_pool_3x3~1|nor_conv_3x3~2|";

  ScratchTrainingTest() {
    options_.sgd.epochs = 3;
    options_.sgd.batch_size = 32;
    options_.augmentation = {.crop_padding = 1, .flip = false, .cutout = 2};
    compile_ = Execution(Config(host::parse_yaml("threads: 1", "test"))).start();
  }

  ScratchTraining training(std::uint64_t seed = 3) const {
    return {*space_, space_->parse(kCell), load_images(*data_, Split::train), options_, compile_, seed};
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("nasbench201", kSpace);
  std::unique_ptr<Dataset> data_ =
      host_.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 100, test_size: 20}");
  ScratchOptions options_;
  CompileOptions compile_;
};

TEST_F(ScratchTrainingTest, LearnsWhatItIsShown) {
  data_ = host_.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 640, test_size: 100}");
  options_.sgd.epochs = 8;
  options_.sgd.learning_rate = 0.1;
  options_.augmentation = Augmentation::none();
  MemoryJournal journal;
  ScratchTraining trained = training();
  trained.run(journal);
  ASSERT_THAT(journal.events, SizeIs(8));
  EXPECT_EQ(journal.events.back().at("epoch"), 8);
  EXPECT_LT(journal.events.back().at("train_loss"), journal.events.front().at("train_loss"));
  EXPECT_GT(journal.events.back().at("train_accuracy").get<double>(), 60.0);
  EXPECT_GT(trained.test(load_images(*data_, Split::test)).correct, 0.5) << "chance is 0.25";
}

TEST_F(ScratchTrainingTest, OneThatWasInterruptedEndsBitIdentically) {
  MemoryJournal whole;
  training().run(whole);
  EXPECT_EQ(whole.reports, 3 * 3) << "100 images in batches of 32, the rest left out";

  MemoryJournal interrupted;
  for (const int stop_after : {1, 2, 4}) {
    interrupted.reports = 0;
    interrupted.stop_after = stop_after;
    EXPECT_THROW(training().run(interrupted), Interrupted);
  }
  interrupted.stop_after = 1'000'000;
  training().run(interrupted);
  EXPECT_EQ(interrupted.events, whole.events);
  EXPECT_EQ(interrupted.bytes, whole.bytes) << "weights, momentum, everything";

  MemoryJournal other;
  training(4).run(other);
  EXPECT_NE(other.events, whole.events);
}

TEST_F(ScratchTrainingTest, AnAuxiliaryHeadTrainsTheLayersBeforeItByItsWeight) {
  options_.sgd.epochs = 1;
  const auto trained = [&](bool headed, double weight) {
    const HeadedSpace space(headed);
    options_.auxiliary_weight = weight;
    ScratchTraining training(space, {0}, load_images(*data_, Split::train), options_, compile_, 3);
    NullJournal journal;
    training.run(journal);
    const auto parameters = training.network().named_parameters();
    EXPECT_EQ(parameters.contains("auxiliary_head.conv.weight"), headed);
    return parameters["stem.conv.weight"].detach().clone();
  };
  const at::Tensor without = trained(false, 0.4);
  EXPECT_TRUE(at::allclose(trained(true, 0.0), without)) << "a head that weighs nothing teaches nothing";
  EXPECT_FALSE(at::allclose(trained(true, 0.4), without));
  EXPECT_FALSE(at::allclose(trained(true, 0.4), trained(true, 0.8)));
}

TEST_F(ScratchTrainingTest, ATestIsRepeatableAndTakesFewerImagesThanABatch) {
  ScratchTraining trained = training();
  const ImageSet images = load_images(*data_, Split::test);
  ASSERT_LT(images.size(), options_.sgd.batch_size);
  const BatchResult once = trained.test(images);
  EXPECT_EQ(trained.test(images).loss, once.loss);
  EXPECT_GT(once.loss, 0.0);
  EXPECT_EQ(load_images(*data_, Split::train, 7).size(), 7U);
}

TEST_F(ScratchTrainingTest, ATestCountsEachClass) {
  ScratchTraining trained = training();
  const ImageSet images = load_images(*data_, Split::test);
  const TestResult found = trained.test(images);
  std::vector<std::uint64_t> sizes(found.classes.size());
  for (const std::uint16_t label : images.images->labels) ++sizes.at(label);
  std::uint64_t correct = 0;
  for (std::size_t label = 0; label < sizes.size(); ++label) {
    EXPECT_EQ(found.classes[label].images, sizes[label]) << label;
    EXPECT_LE(found.classes[label].correct, sizes[label]) << label;
    correct += found.classes[label].correct;
  }
  EXPECT_NEAR(static_cast<double>(correct), found.correct * static_cast<double>(images.size()), 1e-6);
}

TEST_F(ScratchTrainingTest, RefusesALossThatIsNotFinite) {
  options_.sgd.learning_rate = 1e30;
  options_.sgd.clip = 0.0;
  NullJournal journal;
  EXPECT_THROW(training().run(journal), Error);
}

TEST_F(ScratchTrainingTest, RefusesABatchLargerThanTheSplitAndADamagedCheckpoint) {
  MemoryJournal good;
  good.stop_after = 2;
  EXPECT_THROW(training().run(good), Interrupted);
  for (const char* missing : {"epoch", "network", "velocities"}) {
    json state = json::from_cbor(good.bytes);
    state.erase(missing);
    MemoryJournal damaged;
    damaged.bytes = json::to_cbor(state);
    EXPECT_THROW(training().run(damaged), Error) << missing;
  }
  options_.sgd.batch_size = 101;
  EXPECT_THROW(training(), UsageError);
}

TEST_F(ScratchTrainingTest, SavedWeightsLoadBack) {
  const auto file = own_path("weights.safetensors");
  ScratchTraining trained = training();
  NullJournal journal;
  trained.run(journal);
  std::ofstream(file, std::ios::binary) << save_weights(trained.network());

  ScratchTraining fresh = training(9);
  const ImageSet images = load_images(*data_, Split::test);
  EXPECT_NE(fresh.test(images).loss, trained.test(images).loss);
  load_weights(file, fresh.network());
  EXPECT_EQ(fresh.test(images).loss, trained.test(images).loss);
  for (const auto& entry : trained.network().named_parameters())
    EXPECT_TRUE(at::equal(entry.value(), fresh.network().named_parameters()[entry.key()])) << entry.key();

  space_ = host_.search_space("nasbench201", "{channels: 8, cells_per_stage: 1, image_size: 8, classes: 4}");
  ScratchTraining larger = training();
  EXPECT_THROW(load_weights(file, larger.network()), Error);
  std::ofstream(file) << "no archive";
  EXPECT_THROW(load_weights(file, fresh.network()), Error);
  std::filesystem::remove(file);
  EXPECT_THROW(load_weights(file, fresh.network()), Error);
}

}  // namespace
}  // namespace espalier::testing
