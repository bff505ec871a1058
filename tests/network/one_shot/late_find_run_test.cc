#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "espalier/host/host.h"
#include "host/run/run_fixture.h"
#include "paths.h"

namespace espalier::host::testing {
namespace {

using ::testing::HasSubstr;

/// A run with an optimizer that has found nothing before its end.
class LateFindRun : public RunTest {
 protected:
  static constexpr int kFound = 6000;

  Summary searched(const std::string& judges, const std::string& seeds = "0..1", bool overwrite = false) {
    const std::string config =
        "search_space: {name: nasbench201, channels: 2, cells_per_stage: 1, image_size: 8, classes: 4}\n"
        "dataset: {name: synthetic, image_size: 8, classes: 4, train_size: 64, test_size: 16}\n"
        "optimizer: {name: late_finder, found: " +
        std::to_string(kFound) +
        "}\n"
        "trainer: {name: one_shot, epochs: 3, batch_size: 16, threads: 1}\n"
        "seeds: " +
        seeds + "\n" + judges;
    PluginRegistry registry(PluginRegistry::search_path({fs::path(paths::fixture_plugins) / "late"}));
    return run(config_of(config), {.directory = root_ / "run", .overwrite = overwrite, .quiet = true},
               registry);
  }
  std::string file(const std::string& name) const { return read_text(root_ / "run" / name); }

  /// What the table knows of the architecture.
  double known(const char* metric) const {
    Host host;
    const auto space = host.search_space("nasbench201");
    return host.benchmark("nasbench201", *space)
        ->query(space->at(kFound), {.metric = metric, .dataset = "cifar10"});
  }
};

TEST_F(LateFindRun, ItsCurveIsTheLastEpoch) {
  const Summary summary = searched("benchmark: {name: nasbench201, dataset: cifar10}\n");
  const double validation = known("validation_accuracy");
  const double test = known("test_accuracy");
  EXPECT_EQ(file("late_finder/seed_0/curve.csv"),
            fmt::format("epoch,seconds,objective,report\n3,0,{},{}\n", validation, test));
  const std::string rest = fmt::format("{},0,{},0\n", validation, test);
  EXPECT_EQ(file("anytime.csv"),
            "label,axis,x,objective_mean,objective_std,report_mean,report_std\n"
            "late_finder,epochs,3," +
                rest)
      << "no benchmark knows what it costs, so that there is no curve over seconds";

  ASSERT_EQ(summary.rows.size(), 1U);
  EXPECT_EQ(summary.rows[0].values.at(0).mean, validation);
  EXPECT_EQ(summary.rows[0].report->mean, test);
  for (const SeedResult& result : summary.rows[0].results) EXPECT_EQ(result.epochs, 3U);
  EXPECT_THAT(render(summary), HasSubstr(fmt::format("{:.2f} ± 0.00", test)));
  EXPECT_EQ(render(searched("benchmark: {name: nasbench201, dataset: cifar10}\n")), render(summary))
      << "read back from its files";
}

TEST_F(LateFindRun, ItsCurveCountsEpochsWithoutABenchmark) {
  const Summary summary = searched("");
  EXPECT_EQ(file("late_finder/seed_0/curve.csv"), "epoch,seconds,objective,report\n");
  EXPECT_EQ(file("anytime.csv"), "label,axis,x,objective_mean,objective_std,report_mean,report_std\n");
  ASSERT_EQ(summary.rows.size(), 1U);
  EXPECT_FALSE(summary.rows[0].report.has_value());
  EXPECT_THAT(render(summary), HasSubstr("late_finder"));
}

TEST_F(LateFindRun, AnotherOneInItsPlaceLeavesNothingOfIt) {
  searched("");
  EXPECT_TRUE(fs::exists(root_ / "run/late_finder/seed_1/supernet.safetensors"));
  searched("", "0", /*overwrite=*/true);
  EXPECT_FALSE(fs::exists(root_ / "run/late_finder/seed_1"));
}

}  // namespace
}  // namespace espalier::host::testing
