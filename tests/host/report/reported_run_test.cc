#include "espalier/host/report/reported_run.h"

#include <gmock/gmock.h>

#include "espalier/errors/errors.h"
#include "espalier/host/report/alarms.h"
#include "espalier/host/report/compared_runs.h"
#include "espalier/host/report/sizes.h"
#include "host/run/run_fixture.h"

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ReportedRunTest : public RunTest {
 protected:
  ReportedRun read(const fs::path& name = "run") {
    PluginRegistry registry(PluginRegistry::search_path());
    return read_run(root_ / name, registry);
  }

  /// Without a checkpoint at each event.
  static Summary search(const std::string& config, const fs::path& directory) {
    PluginRegistry registry(PluginRegistry::search_path());
    return run(config_of(config), {.directory = directory, .quiet = true}, registry);
  }

  static std::vector<std::string> texts(const std::vector<Alarm>& alarms) {
    std::vector<std::string> all;
    for (const Alarm& alarm : alarms) all.push_back(alarm.text);
    return all;
  }
};

TEST_F(ReportedRunTest, OfAFinishedRunHasItsSummary) {
  const Summary summary = search(config_text(), root_ / "run");
  const ReportedRun run = read();
  EXPECT_EQ(to_json_text(run.summary), to_json_text(summary));
  EXPECT_FALSE(run.unfinished());
  EXPECT_THAT(run.gaps, IsEmpty());
  EXPECT_THAT(run.methods, SizeIs(3));
  EXPECT_EQ(run.methods[1].label, "local_search");
  const SearchCurve& curve = run.methods[1].searches[2].curve;
  EXPECT_EQ(curve.steps, 60U);
  EXPECT_EQ(curve.points.back().value, summary.rows[1].results[2].values.front());
  EXPECT_TRUE(run.methods[1].searches[2].measured_seconds.has_value());
  EXPECT_THAT(run.inputs, Contains(Field(&std::pair<std::string, std::string>::first,
                                         HasSubstr("optimizer/local_search"))));
  EXPECT_TRUE(run.environment.contains("cpu"));
}

TEST_F(ReportedRunTest, OfAnInterruptedRunHasWhatIsThere) {
  search(config_text("0..2"), root_ / "run");
  fs::remove(root_ / "run/summary.json");
  fs::remove(root_ / "run/random_search/seed_1/result.json");
  fs::remove_all(root_ / "run/local_search/seed_2");
  const ReportedRun run = read();
  EXPECT_TRUE(run.unfinished());
  EXPECT_THAT(run.gaps, IsEmpty());
  EXPECT_THAT(run.summary.rows[0].results, SizeIs(2));
  EXPECT_EQ(run.methods[0].searches[1].progress, JobProgress::begun);
  EXPECT_EQ(run.methods[0].searches[1].curve.steps, 60U);
  EXPECT_FALSE(run.methods[0].searches[1].curve.ended);
  EXPECT_EQ(run.methods[1].searches[2].progress, JobProgress::waiting);
  EXPECT_THAT(texts(alarms_of(run)), Contains(HasSubstr("2 of 9 searches are not finished")));
}

TEST_F(ReportedRunTest, NamesWhatIsDamagedAndReportsTheRest) {
  search(config_text("0..2"), root_ / "run");
  write_text(root_ / "run/random_search/seed_1/result.json", "{}");
  write_text(root_ / "run/environment.json", "{}");
  fs::remove(root_ / "run/inputs.json");
  write_text(root_ / "run/local_search/seed_0/curve.csv", "nonsense");
  const ReportedRun run = read();
  EXPECT_THAT(run.gaps, AllOf(Contains(HasSubstr("random_search/seed_1/result.json")),
                              Contains(HasSubstr("environment.json is damaged")),
                              Contains(HasSubstr("inputs.json is gone")), SizeIs(3)));
  EXPECT_EQ(run.methods[0].searches[1].progress, JobProgress::damaged);
  // The curve is drawn again from the events.
  EXPECT_EQ(run.methods[1].searches[0].curve.points.back().value,
            run.summary.rows[1].results[0].values.front());
  EXPECT_THAT(texts(alarms_of(run)), Contains(HasSubstr("result.json")));
}

TEST_F(ReportedRunTest, WithoutMetricsSaysSo) {
  search(config_text("0..1"), root_ / "run");
  fs::remove(root_ / "run/metrics.json");
  EXPECT_THAT(read().gaps, ElementsAre(AllOf(HasSubstr("metrics.json"), HasSubstr("espalier resume"))));
}

TEST_F(ReportedRunTest, RefusesWhatIsNoRun) {
  fs::create_directories(root_ / "empty");
  EXPECT_THAT(message_of<UsageError>([&] { read("empty"); }), HasSubstr("this directory holds no run"));
  EXPECT_THAT(message_of<UsageError>([&] { read("nowhere"); }), HasSubstr("there is no such directory"));
}

TEST_F(ReportedRunTest, WithoutThePluginOfItsSpaceKeepsTheFigures) {
  search(config_text("0..1"), root_ / "run");
  PluginRegistry nothing({root_ / "empty"});
  const ReportedRun run = read_run(root_ / "run", nothing);
  EXPECT_EQ(run.space, nullptr);
  EXPECT_THAT(run.gaps, ElementsAre(HasSubstr("nasbench201")));
  EXPECT_TRUE(run.summary.rows[0].report.has_value());
}

TEST_F(ReportedRunTest, RunsOfOneBenchmarkAreOneComparison) {
  search(config_text("0..5"), root_ / "a");
  search(config_text("2..7"), root_ / "b");
  const std::vector<ReportedRun> runs = {read("a"), read("b")};
  const auto groups = compare_runs(runs);
  ASSERT_THAT(groups, SizeIs(1));
  ASSERT_THAT(groups[0].methods, SizeIs(6));
  EXPECT_EQ(groups[0].methods[0].name, "random_search (a)");
  EXPECT_EQ(groups[0].judged_by->name, "test_accuracy");
  EXPECT_TRUE(groups[0].best.has_value());
  // The same method with the same seeds has the same results.
  const Comparison same = compare(groups[0].methods[0].values, groups[0].methods[3].values);
  EXPECT_EQ(same.pairs, 4U);
  EXPECT_EQ(same.p, 1.0);
}

TEST_F(ReportedRunTest, OfAnotherDatasetIsAnotherComparison) {
  search(config_text("0..1"), root_ / "a");
  std::string other = config_text("0..1");
  other.replace(other.find("dataset: cifar10"), 16, "dataset: cifar100");
  search(other, root_ / "b");
  const std::vector<ReportedRun> runs = {read("a"), read("b")};
  const auto groups = compare_runs(runs);
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[1].title, "nasbench201 · cifar100");
  EXPECT_EQ(groups[1].methods[0].name, "random_search");
  EXPECT_THAT(texts(alarms_of(groups)), Each(HasSubstr("too few seeds to tell")));
}

TEST_F(ReportedRunTest, NamesWhatDoesNotCompare) {
  search(config_text("0..5", 60), root_ / "a");
  search(config_text("0..5", 80), root_ / "b");
  std::string other = config_text("0..5");
  other.replace(other.find("dataset: cifar10"), 16, "dataset: cifar10, protocol: \"777\"");
  search(other, root_ / "c");
  const std::vector<ReportedRun> runs = {read("a"), read("b"), read("c")};
  const auto alarms = texts(alarms_of(compare_runs(runs)));
  EXPECT_THAT(alarms, Contains(AllOf(HasSubstr("the budgets differ"), HasSubstr("trials=60"),
                                     HasSubstr("trials=80"))));
  EXPECT_THAT(alarms, Contains(AllOf(HasSubstr("a and c do not compare"), HasSubstr("protocol"))));
}

TEST_F(ReportedRunTest, SizesAreThoseOfTheSpace) {
  search(config_text("0..3"), root_ / "run");
  const ReportedRun run = read();
  const auto found = found_sizes(run, 0);
  ASSERT_THAT(found, SizeIs(4));
  EXPECT_EQ(found[1].architecture, run.summary.rows[0].results[1].architecture);
  EXPECT_EQ(found[1].parameters, run.space->parameters(run.space->parse(found[1].architecture)));
  EXPECT_THAT(found_sizes(run, 0, 2), SizeIs(2));
  EXPECT_THAT(tried_sizes(run, 0), SizeIs(60));
  EXPECT_THAT(tried_sizes(run, 0, 10), SizeIs(10));
}

TEST_F(ReportedRunTest, AllSeedsThatFoundOneNetworkAreANote) {
  search(
      "search_space: nasbench201\noptimizer: regularized_evolution\nbenchmark: nasbench201\n"
      "trainer: {name: discrete, trials: 1000}\nseeds: 0..1\n",
      root_ / "run");
  EXPECT_THAT(texts(alarms_of(read())), Contains(HasSubstr("all 2 seeds found one network")));
}

}  // namespace
}  // namespace espalier::host::testing
