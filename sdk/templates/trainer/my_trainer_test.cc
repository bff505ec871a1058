#include <espalier/host/host.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace {

/// Keeps the checkpoint in memory, and stops a search after some evaluations.
class StoppingJournal final : public espalier::Journal {
 public:
  int evaluations_left = 0;

  void event(const nlohmann::json&) override { --evaluations_left; }
  bool checkpoint_due() override { return false; }
  void checkpoint(const nlohmann::json& state) override { state_ = state; }
  std::optional<nlohmann::json> restore() override { return state_; }
  void keep_weights(std::string_view) override {}
  void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
  bool stop_requested() const override { return evaluations_left == 0; }

 private:
  std::optional<nlohmann::json> state_;
};

class MyTrainerTest : public testing::Test {
 protected:
  espalier::SearchResult search(const std::string& options, espalier::Journal& journal) {
    const auto optimizer = host_.optimizer("regularized_evolution");
    optimizer->adapt(*space_, 0);
    return host_.trainer("my_trainer", options)->search(*optimizer, {.benchmark = benchmark_.get()}, journal);
  }

  espalier::host::Host host_;
  std::unique_ptr<espalier::SearchSpace> space_ = host_.search_space("nasbench201");
  std::unique_ptr<espalier::Benchmark> benchmark_ = host_.benchmark("nasbench201", *space_);
  espalier::NullJournal nowhere_;
};

TEST_F(MyTrainerTest, StopsWhenNothingBetterComes) {
  const espalier::SearchResult result = search("{evaluations: 100000, patience: 500}", nowhere_);
  EXPECT_LT(result.evaluations, 100000U);
  EXPECT_EQ(result.validation, benchmark_->evaluate(result.architecture).value);
  EXPECT_EQ(result.test, benchmark_->test(result.architecture));
}

TEST_F(MyTrainerTest, EvaluatesNoMoreThanItMay) {
  EXPECT_EQ(search("{evaluations: 20, patience: 20}", nowhere_).evaluations, 20U);
}

TEST_F(MyTrainerTest, ASearchThatWasStoppedEndsAsOneThatWasNot) {
  const espalier::SearchResult whole = search("{evaluations: 200}", nowhere_);
  StoppingJournal journal;
  for (const int evaluations : {1, 17, 60}) {
    journal.evaluations_left = evaluations;
    EXPECT_THROW(search("{evaluations: 200}", journal), espalier::Interrupted);
  }
  journal.evaluations_left = -1;
  const espalier::SearchResult resumed = search("{evaluations: 200}", journal);
  EXPECT_EQ(resumed.architecture, whole.architecture);
  EXPECT_EQ(resumed.evaluations, whole.evaluations);
  EXPECT_EQ(resumed.seconds, whole.seconds);
}

TEST_F(MyTrainerTest, RefusesASearchWithoutABenchmark) {
  const auto optimizer = host_.optimizer("random_search");
  optimizer->adapt(*space_, 0);
  EXPECT_THROW(host_.trainer("my_trainer")->search(*optimizer, {}), espalier::UsageError);
}

}  // namespace
