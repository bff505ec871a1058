#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "espalier/errors/errors.h"
#include "espalier/files/safetensors.h"
#include "espalier/host/host.h"
#include "espalier/network/one_shot/inherited_accuracy.h"
#include "espalier/network/one_shot/single_path.h"
#include "espalier/network/one_shot/supernet_file.h"
#include "espalier/search/needs_preparation.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/trainer.h"
#include "host/run/run_fixture.h"
#include "network/training/memory_journal.h"

namespace espalier::host::testing {
namespace {

using espalier::testing::MemoryJournal;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kSpace = "{channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}";
constexpr const char* kData = "{image_size: 8, classes: 4, train_size: 128, test_size: 16}";
constexpr const char* kTrainer = "{name: one_shot, epochs: 2, batch_size: 16, threads: 1}";

class SupernetBenchmarkTest : public RunTest {
 protected:
  std::string trained(const std::string& optimizer = "gdas") {
    const auto strategy = host_.optimizer(optimizer);
    strategy->adapt({.space = *space_, .seed = 5});
    return host_.trainer("one_shot", "{epochs: 2, batch_size: 16, threads: 1}")
        ->search(*strategy, {.dataset = data_.get()})
        .supernet;
  }
  std::string written(const std::string& bytes) {
    const auto file = root_ / "supernet.safetensors";
    std::filesystem::create_directories(root_);
    std::ofstream(file, std::ios::binary) << bytes;
    return file.string();
  }
  std::unique_ptr<Benchmark> open(const std::string& file, const SearchSpace& space, const Dataset* data) {
    return host_.benchmark("supernet", space,
                           "{file: '" + file + "', threads: 1, batch_size: 16, recalibration_batches: 3}",
                           data);
  }
  std::string refusal(const std::string& file, const SearchSpace& space, const Dataset* data) {
    try {
      open(file, space, data);
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "it was not refused";
    return {};
  }

  Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("nasbench201", kSpace);
  std::unique_ptr<Dataset> data_ = host_.dataset("synthetic", kData);
};

TEST_F(SupernetBenchmarkTest, AnArchitectureIsWorthItsAccuracyWithInheritedWeights) {
  const std::string bytes = trained();
  const auto benchmark = open(written(bytes), *space_, data_.get());

  SinglePath path(*space_);
  const auto network = compile(path.supernet(), space_->input_shape(), Purpose::search);
  const DividedImages divided = load_supernet(bytes, "supernet.safetensors", *space_, *data_, *network);
  EXPECT_EQ(divided.train.size(), 64U);
  EXPECT_EQ(divided.validation.indices, split_indices(128, 0.5, 5).validation)
      << "the images that the search did not train its weights on";
  SearchImages images(divided, LoaderOptions{.batch_size = 16});
  std::set<double> values;
  for (const std::uint64_t index : {6111U, 77U, 12345U, 6111U}) {
    path.take(space_->at(index));
    const double expected =
        100.0 * InheritedAccuracy{.recalibration_batches = 3}.measure(*network, images).correct;
    EXPECT_EQ(benchmark->query(space_->at(index)), expected) << index;
    values.insert(expected);
  }
  EXPECT_GT(values.size(), 1U) << "it tells architectures apart";
}

TEST_F(SupernetBenchmarkTest, AnyDiscreteOptimizerSearchesWhatARunLeft) {
  run_quietly(std::string("search_space: {name: nasbench201, channels: 4, cells_per_stage: 1, image_size: 8, "
                          "classes: 4}\n") +
                  "dataset: {name: synthetic, image_size: 8, classes: 4, train_size: 128, test_size: 16}\n"
                  "optimizer: gdas\nseed: 3\ntrainer: " +
                  kTrainer,
              root_ / "supernet");
  const std::string config =
      "search_space: {name: nasbench201, channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}\n"
      "dataset: {name: synthetic, image_size: 8, classes: 4, train_size: 128, test_size: 16}\n"
      "optimizer: [random_search, local_search]\n"
      "benchmark: {name: supernet, file: " +
      (root_ / "supernet/gdas/seed_3").string() +
      ", threads: 1, recalibration_batches: 2}\n"
      "report: {name: nasbench201, dataset: cifar10}\n"
      "trainer: {name: discrete, trials: 6}\nseed: 0\n";
  const Summary summary = run_quietly(config, root_ / "run");
  EXPECT_THAT(render(summary),
              AllOf(HasSubstr("validation %"), HasSubstr("test %"), HasSubstr("local_search")));
}

TEST_F(SupernetBenchmarkTest, ASupernetIsTrainedAsAPhaseOfTheRunThatCanBeInterrupted) {
  const std::string options = std::string("{optimizer: {name: spos, generations: 0}, trainer: ") + kTrainer +
                              ", threads: 1, recalibration_batches: 2}";
  const auto prepared = [&](MemoryJournal& journal) {
    auto benchmark = host_.make<Benchmark>("supernet", options);
    benchmark->adapt(*space_, data_.get());
    auto& needy = dynamic_cast<NeedsPreparation&>(*benchmark);
    EXPECT_TRUE(needy.needs_preparation());
    needy.load_preparation(needy.prepare(journal));
    return benchmark->query(space_->at(6111));
  };
  MemoryJournal undisturbed;
  const double expected = prepared(undisturbed);
  EXPECT_EQ(undisturbed.events.size(), 2U) << "its epochs";

  MemoryJournal stopped;
  stopped.stop_after = 3;
  EXPECT_THROW(prepared(stopped), Interrupted);
  stopped.stop_after = 1'000'000;
  EXPECT_EQ(prepared(stopped), expected);
}

TEST_F(SupernetBenchmarkTest, RefusesWhatDoesNotFit) {
  const std::string bytes = trained();
  const std::string file = written(bytes);
  EXPECT_THAT(
      refusal((root_ / "nowhere").string(), *space_, data_.get()),
      AllOf(HasSubstr("there is no supernet"), HasSubstr("nowhere"), HasSubstr("supernet.safetensors")));
  EXPECT_THAT(refusal(file, *space_, nullptr), HasSubstr("needs a dataset"));
  const auto wider =
      host_.search_space("nasbench201", "{channels: 6, cells_per_stage: 1, image_size: 8, classes: 4}");
  EXPECT_THAT(refusal(file, *wider, data_.get()),
              AllOf(HasSubstr("belong to other layers: stem.conv: conv2d 3x3 → 4"),
                    HasSubstr("expected: stem.conv: conv2d 3x3 → 6"), HasSubstr("remedy")));
  const auto other = host_.search_space("hierarchical", "{channels: 4, image_size: 8, classes: 4}");
  EXPECT_THAT(
      refusal(file, *other, data_.get()),
      AllOf(HasSubstr("supernet of the search space \"nasbench201\""), HasSubstr("\"hierarchical\"")));
  data_->set_name("photographs");
  EXPECT_THAT(refusal(file, *space_, data_.get()),
              AllOf(HasSubstr("trained on the dataset \"synthetic\""), HasSubstr("\"photographs\"")));
  data_->set_name("synthetic");

  EXPECT_THAT(refusal(written(bytes.substr(0, bytes.size() / 2)), *space_, data_.get()),
              AllOf(HasSubstr("cannot be read"), HasSubstr("supernet.safetensors")));
  EXPECT_THAT(refusal(written("no weights"), *space_, data_.get()), HasSubstr("cannot be read"));
  EXPECT_THAT(refusal(written(write_safetensors({})), *space_, data_.get()),
              HasSubstr("it does not say what it is of"));
  EXPECT_THAT(
      refusal(written(write_safetensors({.about = {{"supernet", R"({"format": 1})"}}, .tensors = {}})),
              *space_, data_.get()),
      AllOf(HasSubstr("a supernet of format 1"), HasSubstr("train the supernet again")));

  EXPECT_THROW(host_.benchmark("supernet", *space_, "{optimizer: random_search}", data_.get()), UsageError);
}

}  // namespace
}  // namespace espalier::host::testing
