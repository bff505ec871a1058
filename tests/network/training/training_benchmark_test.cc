#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/plugin/uses_all_cores.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TrainingBenchmarkTest : public ::testing::Test {
 protected:
  static constexpr const char* kOptions =
      "{epochs: 2, batch_size: 32, crop_padding: 1, learning_rate: 0.1, threads: 1}";

  std::unique_ptr<Benchmark> open(const Dataset* data, const std::string& options = kOptions) {
    return host_.benchmark("training", *space_, options, data);
  }
  std::string refusal(const Dataset* data, const std::string& options = kOptions) {
    try {
      open(data, options);
    } catch (const UsageError& error) {
      return error.what();
    }
    ADD_FAILURE() << "it was not refused";
    return {};
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ =
      host_.search_space("nasbench201", "{channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}");
  std::unique_ptr<Dataset> data_ =
      host_.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 160, test_size: 40}");
};

TEST_F(TrainingBenchmarkTest, AValueDependsOnTheOptionsAlone) {
  const auto benchmark = open(data_.get());
  const Architecture architecture = space_->at(6111);
  const Outcome outcome = benchmark->outcome(architecture);
  EXPECT_EQ(outcome.seconds, 0.0);
  EXPECT_GE(outcome.value, 0.0);
  EXPECT_LE(outcome.value, 100.0);
  EXPECT_EQ(benchmark->query(architecture), outcome.value);
  EXPECT_EQ(benchmark->query(architecture, {.metric = "test_accuracy", .epoch = 2}),
            benchmark->test(architecture));

  const auto again = open(data_.get());
  again->outcome(space_->at(77));
  EXPECT_EQ(again->test(architecture), benchmark->test(architecture)) << "whatever was asked before";
  EXPECT_EQ(again->outcome(architecture).value, outcome.value);
}

TEST_F(TrainingBenchmarkTest, RandomSearchRunsOnIt) {
  // Enough steps for the running statistics of batch norms to be of use.
  const auto benchmark =
      open(data_.get(), "{epochs: 8, batch_size: 8, crop_padding: 0, flip: false, threads: 1}");
  const auto optimizer = host_.optimizer("random_search");
  optimizer->adapt(*space_, 1);
  const SearchResult result =
      host_.trainer("discrete", "{trials: 4}")->search(*optimizer, {.benchmark = benchmark.get()});
  EXPECT_EQ(result.trials, 4U);
  EXPECT_EQ(result.validation, benchmark->outcome(result.architecture).value);
  EXPECT_EQ(result.test, benchmark->test(result.architecture));
  EXPECT_GT(*result.validation, 25.0) << "chance";
}

TEST_F(TrainingBenchmarkTest, TellsWhatItKnows) {
  const auto benchmark = open(data_.get());
  EXPECT_THAT(benchmark->spaces(), IsEmpty()) << "any";
  EXPECT_THAT(benchmark->datasets(), ElementsAre("synthetic"));
  EXPECT_THAT(benchmark->epochs("", ""), ElementsAre(2));
  EXPECT_FALSE(uses_all_cores(*benchmark));
  EXPECT_TRUE(uses_all_cores(*open(data_.get(), "{batch_size: 32}")));
}

TEST_F(TrainingBenchmarkTest, RefusesWhatDoesNotFit) {
  EXPECT_THAT(refusal(nullptr), HasSubstr("needs a dataset"));
  const auto large = host_.dataset("synthetic", "{image_size: 16, classes: 4}");
  EXPECT_THAT(refusal(large.get()), AllOf(HasSubstr("3×16×16"), HasSubstr("3×8×8")));
  const auto many = host_.dataset("synthetic", "{image_size: 8, classes: 7}");
  EXPECT_THAT(refusal(many.get()), HasSubstr("7 classes"));
  EXPECT_THAT(refusal(data_.get(), "{train_fraction: 1.0}"), HasSubstr("image"));
  EXPECT_THAT(refusal(data_.get(), "{epoch: 3}"), HasSubstr("epochs"));
}

}  // namespace
}  // namespace espalier::testing
