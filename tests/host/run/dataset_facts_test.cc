#include <gmock/gmock.h>

#include "host/run/run_fixture.h"
#include "paths.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// What a search space takes from the dataset of its run.
class DatasetFacts : public RunTest {
 protected:
  static constexpr const char* kGray =
      "dataset: {name: synthetic, image_size: 12, channels: 1, classes: 4, train_size: 40, test_size: 20}\n";

  Summary searched(const std::string& space, const std::string& dataset, const std::string& seeds = "0..1") {
    const std::string config = "search_space: " + space + "\n" + dataset +
                               "optimizer: random_search\n"
                               "benchmark: {name: nasbench201, dataset: cifar10}\n"
                               "trainer: {name: discrete, trials: 5}\n"
                               "seeds: " +
                               seeds + "\n";
    return run_quietly(config, root_ / "run");
  }
  std::string resolved() const { return read_text(root_ / "run/config.yaml"); }
};

TEST_F(DatasetFacts, StandInTheConfigOfTheRun) {
  const Summary summary = searched("nasbench201", kGray);
  EXPECT_THAT(resolved(),
              AllOf(HasSubstr("classes: 4"), HasSubstr("image_size: 12"), HasSubstr("image_channels: 1")));
  ASSERT_THAT(summary.remarks, SizeIs(1)) << "the table has networks for other images";
  EXPECT_THAT(summary.remarks.front(), HasSubstr("images of 1×12×12 instead of 3×32×32, 4 classes"));
  EXPECT_THAT(render(summary), HasSubstr(summary.remarks.front() + "\n"));
  EXPECT_THAT(read_text(root_ / "run/summary.json"), HasSubstr(summary.remarks.front()));
}

TEST_F(DatasetFacts, ARunThatIsContinuedHasTheSame) {
  searched("nasbench201", kGray);
  const auto files = files_of(root_ / "run");
  searched("nasbench201", kGray);
  EXPECT_THAT(differing(files_of(root_ / "run"), files), IsEmpty());
  // As `espalier resume` does: from the config that the run keeps.
  run_quietly(resolved(), root_ / "run");
  EXPECT_THAT(differing(files_of(root_ / "run"), files), IsEmpty());
  const std::string other = "dataset: {name: synthetic, image_size: 12, channels: 1, classes: 5}\n";
  EXPECT_THAT(message_of<UsageError>([&] { searched("nasbench201", other); }), HasSubstr("classes"));
}

TEST_F(DatasetFacts, WhatTheConfigSaysGoesFirst) {
  searched("{name: nasbench201, classes: 7, image_size: 16}", kGray);
  EXPECT_THAT(resolved(), AllOf(HasSubstr("classes: 7"), HasSubstr("image_size: 16"),
                                HasSubstr("image_channels: 1"), HasSubstr("classes: 4")));
}

TEST_F(DatasetFacts, WithoutADatasetTheDefaultsStand) {
  const Summary summary = searched("nasbench201", "");
  EXPECT_THAT(resolved(),
              AllOf(HasSubstr("classes: 10"), HasSubstr("image_size: 32"), HasSubstr("image_channels: 3")));
  EXPECT_THAT(summary.remarks, IsEmpty());
}

TEST_F(DatasetFacts, ASizeThatTheSpaceCannotTakeIsRefusedWithTheDatasetsName) {
  const std::string odd = "dataset: {name: synthetic, image_size: 30}\n";
  EXPECT_THAT(
      message_of<UsageError>([&] { searched("nasbench201", odd); }),
      AllOf(HasSubstr("images of 30×30 cannot be halved twice"), HasSubstr("the dataset \"synthetic\""),
            HasSubstr("a multiple of 4"), HasSubstr("28 or 32")));
}

TEST_F(DatasetFacts, ASpaceWithoutTheseOptionsIsMadeAsBefore) {
  PluginRegistry registry(PluginRegistry::search_path({fs::path(paths::fixture_plugins) / "good"}));
  const std::string config = std::string("search_space: good\noptimizer: random_search\nbenchmark: good\n") +
                             kGray + "trainer: {name: discrete, trials: 2}\nseed: 0\n";
  run(config_of(config), {.directory = root_ / "run", .quiet = true}, registry);
  EXPECT_THAT(resolved(), Not(HasSubstr("image_channels")));
}

}  // namespace
}  // namespace espalier::host::testing
