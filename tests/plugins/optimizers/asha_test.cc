#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "espalier/errors/errors.h"
#include "plugins/optimizers/table_fixture.h"

namespace espalier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class AshaTest : public testing::TableTest {
 protected:
  /// The fidelities of a long search in which each trial is better than those before.
  std::set<Fidelity> rungs(const std::string& options, const std::vector<Fidelity>& fidelities) {
    const auto optimizer = make("asha", options, problem(1, fidelities));
    std::set<Fidelity> found;
    for (int i = 0; i < 2000; ++i) {
      const Trial trial = optimizer->ask();
      found.insert(trial.fidelity);
      optimizer->tell(trial, {.values = {static_cast<double>(i)}});
    }
    return found;
  }

  /// Asks, and tells the value at once.
  static Trial tell(DiscreteOptimizer& optimizer, double value) {
    Trial trial = optimizer.ask();
    optimizer.tell(trial, {.values = {value}});
    return trial;
  }
};

TEST_F(AshaTest, RungsAreTheFidelitiesNearestToPowersOfEta) {
  const std::vector<Fidelity> offered = {1, 2, 4, 8, 12, 27, 50, 81};
  EXPECT_THAT(rungs("", offered), ElementsAre(1, 2, 8, 27, 81));  // 1, 3, 9, 27, 81
  EXPECT_THAT(rungs("{eta: 2}", offered), ElementsAre(1, 2, 4, 8, 12, 27, 50, 81));
  EXPECT_THAT(rungs("{eta: 10}", offered), ElementsAre(1, 8, 81));
  EXPECT_THAT(rungs("{min_fidelity: 5, eta: 4}", offered), ElementsAre(4, 27, 81));  // 5, 20, 80
  EXPECT_THAT(rungs("{min_fidelity: 12}", offered), ElementsAre(12, 27, 81));        // 12, 36
  EXPECT_THAT(rungs("{min_fidelity: 81}", offered), ElementsAre(81));
  EXPECT_THAT(rungs("", {12, 200}), ElementsAre(12, 200));
  EXPECT_THAT(rungs("", {90}), ElementsAre(90));
}

TEST_F(AshaTest, SearchesOneRungWhereNoFidelitiesAreOffered) {
  EXPECT_THAT(rungs("", {}), ElementsAre(0));
  const auto optimizer = make("asha", "", problem());
  const auto baseline = make("random_search", "", problem());
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(tell(*optimizer, i).architecture, tell(*baseline, i).architecture) << i;
}

TEST_F(AshaTest, PromotesTheBestOfEachRungFromTheTopDown) {
  const auto optimizer = make("asha", "{eta: 2}", problem(1, {1, 2, 4}));
  const auto expect = [&](Fidelity fidelity, double value) {
    const Trial trial = tell(*optimizer, value);
    EXPECT_EQ(trial.fidelity, fidelity) << "trial " << trial.id;
    return trial.architecture;
  };
  const Architecture a = expect(1, 5.0);
  const Architecture b = expect(1, 7.0);
  EXPECT_EQ(expect(2, 6.0), b);  // the better of two
  const Architecture c = expect(1, 9.0);
  EXPECT_EQ(expect(2, 8.0), c);  // the best of three
  EXPECT_EQ(expect(4, 1.0), c);  // the better of two in the middle rung, c and b
  const Architecture d = expect(1, 8.0);
  EXPECT_EQ(expect(2, 3.0), d);  // the best two of four are c and d
  const Architecture e = expect(1, 8.5);
  EXPECT_EQ(expect(2, 9.0), e);  // the best two of five are c and e
  EXPECT_EQ(expect(4, 2.0), e);  // the best two of four in the middle rung are e and c
  // What was promoted counts: a and the next four are among the worse half until there are ten.
  for (const double value : {0.0, 0.5, 0.6, 0.7, 0.8}) expect(1, value);
  EXPECT_EQ(expect(2, 0.0), a);  // the best five of ten are c, e, d, b and a
  expect(1, 0.9);
}

TEST_F(AshaTest, TheFinalArchitectureIsTheBestOfTheHighestRung) {
  const auto optimizer = make("asha", "{eta: 2}", problem(1, {1, 2}));
  tell(*optimizer, 90.0);
  const Trial better = tell(*optimizer, 95.0);
  EXPECT_EQ(optimizer->final_architecture(), better.architecture);
  const Trial promoted = tell(*optimizer, 60.0);
  EXPECT_EQ(promoted.architecture, better.architecture);
  EXPECT_EQ(optimizer->best().trial.id, promoted.id);
  EXPECT_EQ(optimizer->best().outcome.value(), 60.0);
}

TEST_F(AshaTest, NeverWaits) {
  const auto optimizer = make("asha", "", problem(1, {1, 3}));
  std::vector<Trial> first;
  for (int i = 0; i < 9; ++i) first.push_back(optimizer->ask());
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(first[i].fidelity, 1);
    optimizer->tell(first[i], {.values = {static_cast<double>(i)}});
  }
  // The best three, each once, although none of them is told.
  for (const std::size_t best : {8U, 7U, 6U}) {
    const Trial trial = optimizer->ask();
    EXPECT_EQ(trial.fidelity, 3);
    EXPECT_EQ(trial.architecture, first[best].architecture);
  }
  EXPECT_EQ(optimizer->ask().fidelity, 1);
  EXPECT_EQ(optimizer->pending().size(), 4U);
}

TEST_F(AshaTest, PaysForTheEpochsOfEachTrial) {
  const ObjectiveFunction objective(*table_);
  const auto optimizer = make("asha", "", objective.problem(0));
  int full = 0;
  for (int i = 0; i < 400; ++i) {
    const Trial trial = optimizer->ask();
    const Outcome outcome = objective.outcome(trial, 0);
    EXPECT_EQ(outcome.seconds,
              table_->query(trial.architecture, {.metric = "train_seconds", .epoch = trial.fidelity}));
    full += trial.fidelity == 200 ? 1 : 0;
    optimizer->tell(trial, outcome);
  }
  EXPECT_NEAR(full, 100, 10);  // a third of those at 12 epochs
  EXPECT_EQ(optimizer->best().trial.fidelity, 200);
}

TEST_F(AshaTest, FindsBetterThanRandomSearchInTheSameSimulatedTime) {
  const ObjectiveFunction objective(*table_);
  constexpr double kSeconds = 200'000.0;
  const auto found = [&](const std::string& name, std::uint64_t seed) {
    const auto optimizer = make(name, "", objective.problem(seed));
    for (double spent = 0.0; spent < kSeconds;) {
      const Trial trial = optimizer->ask();
      const Outcome outcome = objective.outcome(trial, 0);
      spent += outcome.seconds;
      optimizer->tell(trial, outcome);
    }
    return objective.outcome(optimizer->final_architecture()).value();
  };
  double asha = 0.0;
  double random = 0.0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    asha += found("asha", seed) / 40;
    random += found("random_search", seed) / 40;
  }
  EXPECT_GT(asha, random + 0.1);
}

TEST_F(AshaTest, ResumesAnywhere) {
  expect_resumes("asha", "{eta: 2}", ObjectiveFunction(*table_), 60, 1);
  expect_resumes("asha", "{eta: 2}", ObjectiveFunction(*table_), 60, 4);
}

TEST_F(AshaTest, RefusesDamagedStates) {
  const ObjectiveFunction objective(*table_);
  const auto optimizer = make("asha", "", objective.problem(0));
  run(*optimizer, objective, 20);
  const nlohmann::json good = optimizer->save();
  const auto load = [&](const nlohmann::json& state) { make("asha", "", objective.problem(0))->load(state); };
  EXPECT_NO_THROW(load(good));
  nlohmann::json damaged = good;
  damaged["state"].erase("200");
  EXPECT_THROW(load(damaged), Error);
  damaged = good;
  damaged["state"]["12"] = nullptr;
  EXPECT_THROW(load(damaged), Error);
  damaged = good;
  damaged["state"]["12"][0][0][1][2] = 60'000;
  EXPECT_THROW(load(damaged), Error);
  // A rung that the state does not know.
  EXPECT_THROW(make("asha", "", problem(1, {12, 50, 200}))->load(good), Error);
}

TEST_F(AshaTest, RefusesOptionsOutOfRange) {
  for (const char* options : {"{eta: 1}", "{eta: 1001}", "{eta: three}", "{min_fidelity: -1}", "{etha: 3}"})
    EXPECT_THROW(host_.optimizer("asha", options), UsageError) << options;
  try {
    make("asha", "{min_fidelity: 201}", problem(1, {12, 200}));
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.details().what, "min_fidelity is above full fidelity: 201");
    EXPECT_THAT(error.details().where, HasSubstr("1:16"));
    EXPECT_EQ(error.details().expected, "at most 200");
  }
}

}  // namespace
}  // namespace espalier
