#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/report.h"

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
  const double value = benchmark->query(architecture);
  EXPECT_GE(value, 0.0);
  EXPECT_LE(value, 100.0);
  EXPECT_EQ(benchmark->query(architecture, {.metric = "validation_accuracy", .epoch = 2}), value);
  const double test = benchmark->query(architecture, {.metric = "test_accuracy"});

  const auto again = open(data_.get());
  (void)again->query(space_->at(77));
  EXPECT_EQ(again->query(architecture, {.metric = "test_accuracy"}), test) << "whatever was asked before";
  EXPECT_EQ(again->query(architecture), value);
}

TEST_F(TrainingBenchmarkTest, ATrainingThatIsCutContinuesToTheSameBits) {
  const Architecture architecture = space_->at(6111);
  const std::string options = "{epochs: 4, batch_size: 32, crop_padding: 1, learning_rate: 0.1, threads: 1}";
  const auto at_once = open(data_.get(), options);
  const auto in_steps = open(data_.get(), options);
  EXPECT_THAT(at_once->epochs("validation_accuracy"), ElementsAre(1, 2, 3, 4));
  for (const int epoch : {1, 2, 4, 3}) {  // after 4 it trains to 3 anew
    const auto after = [&](const Benchmark& benchmark, const char* metric) {
      return benchmark.query(architecture, {.metric = metric, .epoch = epoch});
    };
    for (const char* metric : {"validation_accuracy", "test_accuracy"})
      EXPECT_EQ(after(*in_steps, metric), after(*open(data_.get(), options), metric)) << epoch << metric;
  }
  EXPECT_EQ(in_steps->query(architecture), at_once->query(architecture));
}

TEST_F(TrainingBenchmarkTest, WhatATrialCostsFollowsFromTheConfig) {
  const auto benchmark = open(data_.get(), "{epochs: 4, batch_size: 32, speed: 1e9}");
  const Architecture architecture = space_->at(6111);
  const ObjectiveFunction objective(*benchmark);
  EXPECT_TRUE(objective.continues_trials());
  EXPECT_THAT(objective.fidelities(), ElementsAre(1, 2, 3, 4));
  const double epoch = 3.0 * 80 * static_cast<double>(space_->multiply_adds(architecture)) / 1e9;
  const auto seconds = [&](int fidelity, int reached) {
    return objective.outcome({.id = 1, .architecture = architecture, .fidelity = fidelity}, reached).seconds;
  };
  EXPECT_DOUBLE_EQ(seconds(1, 0), epoch);
  EXPECT_DOUBLE_EQ(seconds(4, 1), 3.0 * epoch) << "it continues";
  EXPECT_DOUBLE_EQ(seconds(4, 4), 0.0) << "nothing is left to train";
  EXPECT_DOUBLE_EQ(seconds(1, 4), 0.0);
}

TEST_F(TrainingBenchmarkTest, RandomSearchRunsOnIt) {
  // Enough steps for the running statistics of batch norms to be of use.
  const auto benchmark =
      open(data_.get(), "{epochs: 8, batch_size: 8, crop_padding: 0, flip: false, threads: 1}");
  const auto optimizer = host_.optimizer("random_search");
  const ObjectiveFunction objective(*benchmark);
  const Report report(*benchmark);
  optimizer->adapt(objective.problem(1));
  const SearchResult result = host_.trainer("discrete", "{trials: 4}")
                                  ->search(*optimizer, {.objective = &objective, .report = &report});
  EXPECT_EQ(result.trials, 4U);
  EXPECT_THAT(result.values, ElementsAre(benchmark->query(result.architecture)));
  EXPECT_EQ(result.report, benchmark->query(result.architecture, {.metric = "test_accuracy"}));
  EXPECT_GT(result.values.front(), 25.0) << "chance";
}

TEST_F(TrainingBenchmarkTest, TellsWhatItKnows) {
  const auto benchmark = open(data_.get());
  EXPECT_THAT(benchmark->spaces(), IsEmpty()) << "any";
  EXPECT_THAT(benchmark->datasets(), ElementsAre("synthetic"));
  EXPECT_THAT(benchmark->epochs(""), ElementsAre(1, 2));
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
