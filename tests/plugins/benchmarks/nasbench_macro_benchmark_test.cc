#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "espalier/data/data_path.h"
#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/search/has_remarks.h"
#include "espalier/search/objective_function.h"
#include "plugins/benchmarks/broken_table.h"
#include "plugins/csv.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class NASBenchMacroBenchmarkTest : public ::testing::Test {
 protected:
  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("nasbench_macro");
  std::unique_ptr<Benchmark> benchmark_ = host_.benchmark("nasbench_macro", *space_);
};

TEST_F(NASBenchMacroBenchmarkTest, GivesEveryFigureOfTheTable) {
  const testing::Csv table("nasbench_macro.csv.gz");
  ASSERT_EQ(table.strings.size(), 6561U);
  std::vector<Architecture> networks;
  for (const std::string& text : table.strings) networks.push_back(space_->parse(text));
  const std::vector<double> accuracies = benchmark_->query(networks);
  for (std::size_t row = 0; row < networks.size(); ++row) {
    const auto training = [&](const char* name) { return table.columns.at(name)[row]; };
    ASSERT_DOUBLE_EQ(3 * accuracies[row], training("test_1") + training("test_2") + training("test_3"));
  }
  for (const char* count : {"parameters", "multiply_adds"})
    EXPECT_EQ(benchmark_->query(networks, {.metric = count}), table.columns.at(count)) << count;
}

TEST_F(NASBenchMacroBenchmarkTest, GivesThePublishedOptimum) {
  const double best = benchmark_->best("test_accuracy").value();
  EXPECT_NEAR(best, 93.13, 0.005);
  EXPECT_EQ(benchmark_->query(space_->parse("22212220")), best);
  EXPECT_EQ(benchmark_->query(space_->parse("22212202")), best) << "the same network";
  EXPECT_FALSE(benchmark_->best("parameters").has_value());
}

TEST_F(NASBenchMacroBenchmarkTest, SaysThatASearchSeesTestAccuracies) {
  EXPECT_EQ(benchmark_->objective(), "test_accuracy");
  EXPECT_EQ(benchmark_->report_metric(), "test_accuracy");
  EXPECT_EQ(benchmark_->cost_metric(), "");
  EXPECT_EQ(benchmark_->full_fidelity(), 0);
  EXPECT_THAT(remarks(*benchmark_),
              ElementsAre("The table nasbench_macro has test accuracies alone: a search that optimizes them "
                          "selects by what is reported, which is then too good an estimate."));
}

TEST_F(NASBenchMacroBenchmarkTest, SaysWhenItsFiguresAreOfOtherNetworks) {
  const auto remark = [&](const std::string& options) {
    const auto space = host_.search_space("nasbench_macro", options);
    const std::vector<std::string> all = remarks(*host_.benchmark("nasbench_macro", *space));
    return all.size() == 2 ? all.front() : "";
  };
  EXPECT_EQ(
      remark("{classes: 4}"),
      "The figures of the benchmark nasbench_macro are of other networks than those of this search space, "
      "which have 4 classes instead of 10.");
  EXPECT_THAT(remark("{image_size: 28, image_channels: 1}"),
              HasSubstr("have images of 1×28×28 instead of 3×32×32."));
  EXPECT_THAT(remark("{channels: 8}"), HasSubstr("which have other channels or cells ("));
}

TEST_F(NASBenchMacroBenchmarkTest, RefusesAnotherSpace) {
  const auto darts = host_.search_space("nasbench201");
  EXPECT_THAT(testing::error_of([&] { (void)host_.benchmark("nasbench_macro", *darts); }),
              AllOf(HasSubstr("does not know the search space \"nasbench201\""),
                    HasSubstr("search_space: nasbench_macro")));
}

TEST_F(NASBenchMacroBenchmarkTest, RefusesADamagedOrExchangedTable) {
  const testing::BrokenTable broken("nasbench_macro.csv.gz", [&](const std::string& options) {
    return host_.benchmark("nasbench_macro", *space_, options);
  });
  broken.expect_refusals({.column = "test_1",
                          .altered = {",45.32,", ",45.33,"},
                          .architecture = {"\n00000000,", "\n00000003,"},
                          .other_table = "transnas101_micro.csv.gz"});
}

}  // namespace
}  // namespace espalier
