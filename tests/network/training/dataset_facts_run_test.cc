#include <gmock/gmock.h>

#include "host/program/program_fixture.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// Searches and trainings whose config says nothing of the images but which dataset they are from.
class DatasetFactsRun : public ProgramTest {
 protected:
  static constexpr const char* kTraining = "{epochs: 1, batch_size: 12, threads: 1, cutout: 0, drop_path: 0}";

  void config(const std::string& space) const {
    write("run.yaml",
          "search_space: " + space +
              "\ndataset: {name: synthetic, image_size: 8, channels: 1, classes: 3, train_size: 48, "
              "test_size: 12}\n"
              "optimizer: gdas\n"
              "trainer: {name: one_shot, epochs: 1, batch_size: 12, threads: 1}\n"
              "seed: 0\n");
  }
  ProgramResult searched(const std::vector<std::string>& more = {}, const std::string& out = "run") const {
    std::vector<std::string> command = {"run", "run.yaml", "--out", out, "--quiet", "--overwrite"};
    command.insert(command.end(), more.begin(), more.end());
    return espalier(command);
  }
};

TEST_F(DatasetFactsRun, EverySpaceSearchesAndTrainsOnSmallGrayImages) {
  for (const char* space :
       {"{name: nasbench201, channels: 2, cells_per_stage: 1}",
        "{name: darts, channels: 2, cells: 3, evaluation_channels: 2, evaluation_cells: 3, auxiliary: false}",
        "{name: hierarchical, channels: 2, evaluation_channels: 2, evaluation_cells_per_stage: 1}"}) {
    config(space);
    const ProgramResult result = searched({std::string("evaluate=") + kTraining});
    EXPECT_EQ(result.exit_code, 0) << space << result.err;
    EXPECT_THAT(text_of(folder_ / "run/config.yaml"),
                AllOf(HasSubstr("classes: 3"), HasSubstr("image_size: 8"), HasSubstr("image_channels: 1")));
  }
}

TEST_F(DatasetFactsRun, TheAuxiliaryHeadIsRefusedBeforeATrainingAndNotBeforeASearch) {
  config("{name: darts, channels: 2, cells: 3, evaluation_channels: 2, evaluation_cells: 3}");
  const ProgramResult search = searched();
  EXPECT_EQ(search.exit_code, 0) << search.err;
  for (const std::string& stage : {std::string("evaluate=") + kTraining, std::string("benchmark=training")}) {
    const ProgramResult trained = searched({stage}, "refused");
    EXPECT_EQ(trained.exit_code, 2) << trained.err;
    EXPECT_THAT(trained.err,
                AllOf(HasSubstr("the auxiliary head does not fit"), HasSubstr("auxiliary: false")));
    EXPECT_FALSE(fs::exists(folder_ / "refused"));
  }
}

TEST_F(DatasetFactsRun, ToldValuesThatContradictTheDatasetAreRefusedWithBoth) {
  config("{name: nasbench201, channels: 2, cells_per_stage: 1}");
  const ProgramResult classes = searched({"search_space.classes=10"});
  EXPECT_EQ(classes.exit_code, 2);
  EXPECT_THAT(classes.err, AllOf(HasSubstr("\"synthetic\" has 3 classes"),
                                 HasSubstr("expected: 10, which the search space \"nasbench201\""),
                                 HasSubstr("leave classes out of search_space")));
  const ProgramResult images = searched({"search_space.image_channels=3"});
  EXPECT_EQ(images.exit_code, 2);
  EXPECT_THAT(images.err, AllOf(HasSubstr("the images of \"synthetic\" are 1×8×8"), HasSubstr("3×8×8"),
                                HasSubstr("leave them out, and they follow the dataset")));
}

TEST_F(DatasetFactsRun, TheCommandEvaluateTakesThemToo) {
  const ProgramResult result =
      espalier({"evaluate", "(none, skip_connect, nor_conv_3x3, none, none, nor_conv_1x1)", "epochs=1",
                "batch_size=12", "threads=1", "--space",
                "{name: nasbench201, channels: 2, cells_per_stage: 1}", "--dataset",
                "{name: synthetic, image_size: 8, channels: 1, classes: 3, train_size: 48, test_size: 12}",
                "--out", "out", "--quiet"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(text_of(folder_ / "out/config.yaml"),
              AllOf(HasSubstr("classes: 3"), HasSubstr("image_channels: 1")));
}

}  // namespace
}  // namespace espalier::testing
