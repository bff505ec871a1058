#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

const std::vector<std::pair<std::string, std::string>> kMetrics = {
    {"class_scene", "class_scene_accuracy"},
    {"class_object", "class_object_accuracy"},
    {"jigsaw", "jigsaw_accuracy"},
    {"room_layout", "room_layout_loss"},
    {"normal", "normal_ssim"},
    {"segmentsemantic", "segmentsemantic_accuracy"},
    {"autoencoder", "autoencoder_ssim"},
};

class TransNAS101BenchmarkTest : public ::testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Benchmark> open(const std::string& options = "{}") {
    return host_.benchmark("transnas101", *space_, options);
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("transnas101_" + GetParam());
  std::unique_ptr<Benchmark> benchmark_ = open();
};

std::string name_of_space(const ::testing::TestParamInfo<std::string>& space) { return space.param; }

INSTANTIATE_TEST_SUITE_P(Spaces, TransNAS101BenchmarkTest, ::testing::Values("micro", "macro"),
                         name_of_space);

TEST_P(TransNAS101BenchmarkTest, GivesEveryFigureOfTheTable) {
  const testing::Csv table("transnas101_" + GetParam() + ".csv.gz");
  std::vector<Architecture> all;
  for (const std::string& text : table.strings) all.push_back(space_->parse(text));
  ASSERT_EQ(all.size(), static_cast<std::size_t>(space_->size()));
  for (const auto& [task, metric] : kMetrics)
    EXPECT_EQ(benchmark_->query(all, {.metric = metric}), table.columns.at(task)) << task;
}

TEST_P(TransNAS101BenchmarkTest, KnowsTheBestOfEachTask) {
  const std::map<std::string, std::vector<std::pair<const char*, double>>> best = {
      {"micro",
       {{"64-41414-3_32_132", 54.9363},
        {"64-41414-3_13_113", 45.5862},
        {"64-41414-3_30_132", 95.3722},
        {"64-41414-3_11_133", 0.600999},
        {"64-41414-1_30_123", 0.587287},
        {"64-41414-3_13_022", 94.6125},
        {"64-41414-1_20_310", 0.577231}}},
      {"macro",
       {{"64-224131-basic", 57.4144},
        {"64-22231-basic", 47.4224},
        {"64-2243-basic", 97.0193},
        {"64-214313-basic", 0.582226},
        {"64-224111-basic", 0.643541},
        {"64-222133-basic", 94.8585},
        {"64-221113-basic", 0.748817}}}};
  for (std::size_t i = 0; i < kMetrics.size(); ++i) {
    const auto& [text, value] = best.at(GetParam())[i];
    const std::string& metric = kMetrics[i].second;
    EXPECT_EQ(benchmark_->best(metric), value) << metric;
    EXPECT_EQ(benchmark_->query(space_->parse(text), {.metric = metric}), value) << metric;
  }
}

TEST_P(TransNAS101BenchmarkTest, ATaskIsTheObjectiveOfASearch) {
  for (const auto& [task, metric] : kMetrics) {
    const auto benchmark = open("{task: " + task + "}");
    EXPECT_EQ(benchmark->objective(), metric);
    EXPECT_EQ(benchmark->report_metric(), metric);
    const ObjectiveFunction objective(*benchmark);
    const Outcome outcome = objective.outcome(space_->at(7));
    const double value = benchmark->query(space_->at(7));
    EXPECT_EQ(outcome.value(), task == "room_layout" ? -value : value) << "higher is better";
  }
  EXPECT_EQ(benchmark_->objective(), "class_object_accuracy");
}

TEST_P(TransNAS101BenchmarkTest, SaysTheUnitAndDirectionOfEachMetric) {
  for (const Metric& metric : benchmark_->metrics()) {
    EXPECT_FALSE(metric.help.empty()) << metric.name;
    EXPECT_EQ(metric.unit == "%", metric.name.ends_with("_accuracy")) << metric.name;
    EXPECT_EQ(metric.direction == Direction::minimize, metric.name == "room_layout_loss") << metric.name;
  }
  EXPECT_EQ(benchmark_->metrics().size(), 7U);
}

TEST_P(TransNAS101BenchmarkTest, SaysThatASearchSeesWhatIsReported) {
  for (const char* task : {"class_object", "class_scene"})
    EXPECT_THAT(remarks(*open(std::string("{task: ") + task + "}")),
                ElementsAre("The table transnas101 has validation figures alone: a search that optimizes one "
                            "selects by what is reported, which is then too good an estimate."));
}

TEST_P(TransNAS101BenchmarkTest, SaysWhichNetworksItsFiguresAreOf) {
  const auto remark = [&](const std::string& options, const std::string& task) {
    const auto space = host_.search_space("transnas101_" + GetParam(), options);
    const auto all = remarks(*host_.benchmark("transnas101", *space, "{task: " + task + "}"));
    return all.size() == 2 ? all.front() : "";
  };
  EXPECT_EQ(remark("{classes: 47}", "class_scene"), "");
  EXPECT_THAT(remark("{classes: 10}", "class_scene"), HasSubstr("which have 10 classes instead of 47."));
  EXPECT_THAT(remark("{classes: 10, image_size: 32}", "class_object"),
              HasSubstr("which have images of 3×32×32 instead of 3×256×256, 10 classes instead of 75."));
  EXPECT_THAT(remark("{channels: 8, image_channels: 1}", "class_object"),
              HasSubstr("other channels or cells ("));
  EXPECT_EQ(remark("{}", "room_layout"),
            "The figures of room_layout are of networks that end in a regression of nine numbers; those of "
            "this search space end in a classifier of one image and cannot be trained for room_layout.");
  for (const char* task : {"jigsaw", "segmentsemantic", "normal", "autoencoder"})
    EXPECT_THAT(remark("{}", task), HasSubstr(std::string("cannot be trained for ") + task)) << task;
}

TEST_P(TransNAS101BenchmarkTest, RefusesAnUnknownTaskWithTheNearest) {
  EXPECT_THAT(testing::error_of([&] { (void)open("{task: class_objct}"); }),
              AllOf(HasSubstr("class_objct"), HasSubstr("nearest:  class_object")));
  EXPECT_THAT(testing::error_of([&] { benchmark_->query(space_->at(0), {.metric = "normal_sim"}); }),
              HasSubstr("nearest:  normal_ssim"));
  const auto other = host_.search_space("nasbench_macro");
  EXPECT_THAT(testing::error_of([&] { (void)host_.benchmark("transnas101", *other); }),
              HasSubstr("expected: the search space transnas101_micro and transnas101_macro"));
}

TEST_P(TransNAS101BenchmarkTest, RefusesADamagedOrExchangedTable) {
  const bool micro = GetParam() == "micro";
  const testing::BrokenTable broken("transnas101_" + GetParam() + ".csv.gz",
                                    [&](const std::string& options) { return open(options); });
  broken.expect_refusals(
      {.column = "jigsaw",
       .altered = micro ? testing::BrokenTable::Change{",7.48408,", ",7.48409,"}
                        : testing::BrokenTable::Change{",51.05,", ",51.06,"},
       .architecture = micro ? testing::BrokenTable::Change{"\n64-41414-0_00_000,", "\n64-41414-0_00_004,"}
                             : testing::BrokenTable::Change{"\n64-111114-basic,", "\n64-111115-basic,"},
       .other_table = micro ? "transnas101_macro.csv.gz" : "transnas101_micro.csv.gz"});
}

}  // namespace
}  // namespace espalier
