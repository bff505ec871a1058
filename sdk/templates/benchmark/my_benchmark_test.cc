#include <espalier/contract/benchmark.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

// The rules for every benchmark: answers are finite, and the same again and from several threads, refusals
// are clear, and more.
ESPALIER_BENCHMARK_CONTRACT(my_benchmark);
ESPALIER_BENCHMARK_CONTRACT(my_benchmark, {.label = "of_nasbench201", .space = {"nasbench201"}});

namespace {

class MyBenchmarkTest : public testing::Test {
 protected:
  static constexpr const char* kSmallest = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|";
  static constexpr const char* kLargest =
      "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|nor_conv_3x3~0|nor_conv_3x3~1|nor_conv_3x3~2|";

  espalier::host::Host host_;
  std::unique_ptr<espalier::SearchSpace> space_ = host_.search_space("nasbench201");
};

TEST_F(MyBenchmarkTest, CountsAsTheTableDoes) {
  const auto benchmark = host_.benchmark("my_benchmark", *space_, "{flops: false}");
  const auto table = host_.benchmark("nasbench201", *space_);
  for (const char* text : {kSmallest, kLargest}) {
    const espalier::Architecture architecture = space_->parse(text);
    EXPECT_EQ(benchmark->query(architecture, {.metric = "count"}),
              table->query(architecture, {.metric = "parameters"}));
  }
}

TEST_F(MyBenchmarkTest, ASearchFindsLargeNetworks) {
  const auto benchmark = host_.benchmark("my_benchmark", *space_, "{flops: false}");
  const auto optimizer = host_.optimizer("regularized_evolution");
  const espalier::ObjectiveFunction objective(*benchmark);
  optimizer->adapt(objective.problem(0));
  const auto trainer = host_.trainer("discrete", "{trials: 500}");
  EXPECT_EQ(trainer->search(*optimizer, {.objective = &objective}).architecture, space_->parse(kLargest));
}

}  // namespace
