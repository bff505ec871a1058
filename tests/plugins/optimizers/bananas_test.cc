#include <gtest/gtest.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "plugins/optimizers/table_fixture.h"

namespace espalier {
namespace {

/// With the predictor that is fitted fastest.
constexpr const char* kRidge = "{predictor: ridge}";

class BananasTest : public testing::TableTest {
 protected:
  BananasTest() : objective_(*table_) {}

  double found(const std::string& name, const std::string& options, std::uint64_t seed) {
    const auto optimizer = make(name, options, objective_.problem(seed));
    run(*optimizer, objective_, 150);
    return optimizer->best().outcome.value();
  }

  ObjectiveFunction objective_;
};

TEST_F(BananasTest, BeginsAtRandom) {
  const auto optimizer = make("bananas", "{predictor: ridge, initial: 25}", objective_.problem(2));
  const auto baseline = make("random_search", "", objective_.problem(2));
  for (int i = 0; i < 26; ++i) {
    const bool same = step(*optimizer, objective_).architecture == step(*baseline, objective_).architecture;
    EXPECT_EQ(same, i < 25) << i;
  }
}

TEST_F(BananasTest, EveryCandidateIsNew) {
  for (const std::size_t pending : {1U, 7U}) {
    const auto optimizer = make("bananas", kRidge, objective_.problem(0));
    const auto asked = run(*optimizer, objective_, 300, pending);
    for (std::size_t i = 10; i < asked.size(); ++i)
      EXPECT_EQ(
          std::count_if(asked.begin(), asked.begin() + static_cast<std::ptrdiff_t>(i),
                        [&](const Trial& earlier) { return earlier.architecture == asked[i].architecture; }),
          0)
          << i;
  }
}

TEST_F(BananasTest, CandidatesAreMutantsOfTheBestBeforeTheRound) {
  const auto optimizer =
      make("bananas", "{predictor: ridge, parents: 5, candidates: 20}", objective_.problem(0));
  auto told = run(*optimizer, objective_, 40);
  std::ranges::stable_sort(told, std::greater(), [&](const Trial& trial) {
    return objective_.outcome(trial.architecture).value();
  });
  // Five parents have more than twenty neighbors, of which few were tried: the first eight suffice.
  for (const Trial& trial : run(*optimizer, objective_, 10)) {
    EXPECT_TRUE(std::any_of(told.begin(), told.begin() + 8, [&](const Trial& parent) {
      return distance(parent.architecture, trial.architecture) == 1;
    })) << trial.id;
  }
}

TEST_F(BananasTest, FollowsThePredictor) {
  // The value is the number of convolutions 3×3, which a ridge regression learns.
  const auto value = [](const Architecture& architecture) {
    return static_cast<double>(std::ranges::count(architecture.choices(), 3));
  };
  const auto optimizer = make("bananas", kRidge, problem());
  for (int i = 0; i < 70; ++i) {
    const Trial trial = optimizer->ask();
    optimizer->tell(trial, {.values = {value(trial.architecture)}});
  }
  EXPECT_EQ(optimizer->best().outcome.value(), 6.0);
}

TEST_F(BananasTest, TriesOnlyWhatIsAllowed) {
  SearchProblem small = problem();
  small.allowed = [](const Architecture& architecture) {
    return std::ranges::count(architecture.choices(), 3) <= 2;
  };
  const auto optimizer = make("bananas", kRidge, small);
  std::uint64_t refused = 0;
  for (int i = 0; i < 70; ++i) {
    const Trial trial = optimizer->ask();
    if (i == 9) refused = optimizer->refused();
    optimizer->tell(trial, objective_.outcome(trial.architecture));
  }
  EXPECT_EQ(optimizer->refused(), refused);
}

TEST_F(BananasTest, FindsBetterThanRandomSearch) {
  double bananas = 0.0;
  double random = 0.0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    bananas += found("bananas", kRidge, seed) / 20;
    random += found("random_search", "", seed) / 20;
  }
  EXPECT_GT(bananas, random + 0.1);
}

TEST_F(BananasTest, UsesTheEnsembleOfThePaperByDefault) {
  const auto optimizer = make("bananas", "", objective_.problem(0));
  const auto named = make("bananas", "{predictor: mlp_ensemble}", objective_.problem(0));
  const auto ridge = make("bananas", kRidge, objective_.problem(0));
  int different = 0;
  for (int i = 0; i < 20; ++i) {
    const Architecture asked = step(*optimizer, objective_).architecture;
    EXPECT_EQ(asked, step(*named, objective_).architecture);
    different += asked == step(*ridge, objective_).architecture ? 0 : 1;
  }
  EXPECT_GT(different, 0);
}

TEST_F(BananasTest, ResumesAnywhere) {
  expect_resumes("bananas", kRidge, objective_, 45, 1);
  expect_resumes("bananas", "{predictor: ridge, round_size: 7}", objective_, 45, 4);
}

TEST_F(BananasTest, RefusesDamagedStates) {
  const auto optimizer = make("bananas", kRidge, objective_.problem(0));
  run(*optimizer, objective_, 25);
  const nlohmann::json good = optimizer->save();
  const auto load = [&](const nlohmann::json& state) {
    make("bananas", kRidge, objective_.problem(0))->load(state);
  };
  EXPECT_NO_THROW(load(good));
  for (const char* key : {"tried_", "values_", "ahead_"}) {
    nlohmann::json damaged = good;
    damaged["state"].erase(key);
    EXPECT_THROW(load(damaged), Error) << key;
  }
  nlohmann::json damaged = good;
  damaged["state"]["values_"].erase(0);
  EXPECT_THROW(load(damaged), Error);
  for (const char* key : {"tried_", "ahead_"}) {
    damaged = good;
    damaged["state"][key][1][0] = 5;
    EXPECT_THROW(load(damaged), Error) << key;
  }
}

TEST_F(BananasTest, RefusesOptionsOutOfRange) {
  for (const char* options : {"{initial: 0}", "{round_size: 0}", "{candidates: 0}", "{parents: -1}",
                              "{predictor: rigde}", "{predictor: {name: ridge, alfa: 1}}"})
    EXPECT_THROW(host_.optimizer("bananas", options), UsageError) << options;
}

}  // namespace
}  // namespace espalier
