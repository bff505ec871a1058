#include <espalier/contract/trainer.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

// The rules for every trainer: it resumes from each of its checkpoints, stops when asked, reports what was
// found, and more.
ESPALIER_TRAINER_CONTRACT(my_trainer, {.options = "{trials: 20}"});

namespace {

class MyTrainerTest : public testing::Test {
 protected:
  espalier::SearchResult search(const std::string& options) {
    const auto optimizer = host_.optimizer("regularized_evolution");
    const espalier::ObjectiveFunction objective(*benchmark_);
    optimizer->adapt(objective.problem(0));
    return host_.trainer("my_trainer", options)->search(*optimizer, {.objective = &objective});
  }

  espalier::host::Host host_;
  std::unique_ptr<espalier::SearchSpace> space_ = host_.search_space("nasbench201");
  std::unique_ptr<espalier::Benchmark> benchmark_ = host_.benchmark("nasbench201", *space_);
};

TEST_F(MyTrainerTest, StopsWhenNothingBetterComes) {
  EXPECT_LT(search("{trials: 100000, patience: 500}").trials, 100000U);
}

TEST_F(MyTrainerTest, MakesNoMoreTrialsThanItMay) {
  EXPECT_EQ(search("{trials: 20, patience: 20}").trials, 20U);
}

}  // namespace
