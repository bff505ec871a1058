#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using ReportOnlyTest = RunTest;

/// A one-shot search on images of one's own, judged by a table.
TEST_F(ReportOnlyTest, AOneShotSearchWithoutABenchmarkIsJudged) {
  const std::string config =
      "search_space: {name: nasbench201, channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}\n"
      "dataset: {name: synthetic, image_size: 8, classes: 4, train_size: 64, test_size: 16}\n"
      "optimizer: gdas\n"
      "trainer: {name: one_shot, epochs: 2, batch_size: 16, threads: 1}\n"
      "report: {name: nasbench201, dataset: cifar100}\n"
      "seeds: 0..1\n";
  const Summary summary = run_quietly(config, root_ / "run");
  EXPECT_EQ(summary.title, "nasbench201 · cifar100");
  EXPECT_NEAR(summary.best_report.value_or(0.0), 73.51, 0.01);
  EXPECT_THAT(render(summary), AllOf(HasSubstr("test %"), HasSubstr("No search sees test accuracy."),
                                     Not(HasSubstr("validation"))));

  const auto result = nlohmann::json::parse(read_text(root_ / "run/gdas/seed_1/result.json"));
  EXPECT_TRUE(result.at("values").empty());
  EXPECT_LE(result.at("report").at("test_accuracy"), 73.52);
  EXPECT_THAT(read_text(root_ / "run/gdas/seed_1/curve.csv"),
              AllOf(StartsWith("epoch,seconds,objective,report\n1,0,,"), HasSubstr("\n2,0,,")))
      << "nothing is its objective";
  EXPECT_THAT(read_text(root_ / "run/anytime.csv"), HasSubstr("gdas,epochs,2,,,"));

  run_quietly(config, root_ / "again");
  EXPECT_EQ(files_of(root_ / "run"), files_of(root_ / "again"));
  EXPECT_EQ(render(run_quietly(config, root_ / "run")), render(summary)) << "read back from its files";
}

}  // namespace
}  // namespace espalier::host::testing
