#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "plugins/optimizers/allocations.h"
#include "plugins/optimizers/search_fixture.h"

namespace espalier {
namespace {

using testing::Told;

class RegularizedEvolutionTest : public testing::SearchTest {
 protected:
  /// Whether `child` is a mutant of one of the architectures told in [begin, end).
  bool descends(const Architecture& child, const std::vector<Told>& told, std::size_t begin,
                std::size_t end) const {
    return std::any_of(told.begin() + static_cast<std::ptrdiff_t>(begin),
                       told.begin() + static_cast<std::ptrdiff_t>(end),
                       [&](const Told& parent) { return neighbours(parent.architecture, child); });
  }
};

TEST_F(RegularizedEvolutionTest, BeginsAtRandom) {
  EXPECT_EQ(run(*make("regularized_evolution", "{population_size: 30}"), 30),
            run(*make("random_search"), 30));
  EXPECT_NE(run(*make("regularized_evolution", "{population_size: 30}"), 31),
            run(*make("random_search"), 31));
}

TEST_F(RegularizedEvolutionTest, MutatesTheLiving) {
  const auto told = run(*make("regularized_evolution", "{population_size: 20, sample_size: 5}"), 500);
  for (std::size_t i = 20; i < told.size(); ++i)
    EXPECT_TRUE(descends(told[i].architecture, told, i - 20, i)) << i;
}

TEST_F(RegularizedEvolutionTest, TheWholePopulationAsSampleFollowsTheBestOfTheLiving) {
  // With so many draws from 5 members the best is missed once in 10^19 tournaments.
  const auto told = run(*make("regularized_evolution", "{population_size: 5, sample_size: 200}"), 200);
  for (std::size_t i = 5; i < told.size(); ++i) {
    const auto living = told.begin() + static_cast<std::ptrdiff_t>(i - 5);
    const auto best = std::max_element(living, living + 5, [](const Told& a, const Told& b) {
      return a.outcome.value() < b.outcome.value();
    });
    EXPECT_TRUE(neighbours(best->architecture, told[i].architecture)) << i;
  }
}

TEST_F(RegularizedEvolutionTest, TheOldestDiesHoweverGoodItIs) {
  const auto told = run(*make("regularized_evolution", "{population_size: 1, sample_size: 3}"), 100);
  for (std::size_t i = 1; i < told.size(); ++i)
    EXPECT_TRUE(neighbours(told[i - 1].architecture, told[i].architecture));
}

TEST_F(RegularizedEvolutionTest, FindsBetterThanRandomSearch) {
  double evolved = 0.0;
  double random = 0.0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto evolution = make("regularized_evolution", "{population_size: 20, sample_size: 5}", seed);
    const auto baseline = make("random_search", "", seed);
    run(*evolution, 300);
    run(*baseline, 300);
    evolved += testing::nearness(evolution->final_architecture()).value();
    random += testing::nearness(baseline->final_architecture()).value();
  }
  EXPECT_GT(evolved / 20, random / 20 + 0.5);
}

TEST_F(RegularizedEvolutionTest, WorksWithSeveralPending) {
  const auto optimizer = make("regularized_evolution", "{population_size: 10, sample_size: 3}");
  // Nothing told: all at random, beyond the population too.
  const auto baseline = make("random_search");
  for (int i = 0; i < 15; ++i) EXPECT_EQ(optimizer->ask().architecture, baseline->ask().architecture);
  // Told backwards; the next descend from the few that are known.
  std::vector<Told> told;
  for (int i = 0; i < 4; ++i) {
    const Trial last = optimizer->pending().back();
    told.push_back({last.architecture, testing::nearness(last.architecture)});
    optimizer->tell(last, told.back().outcome);
    EXPECT_TRUE(descends(optimizer->ask().architecture, told, 0, told.size()));
  }
  EXPECT_EQ(optimizer->pending().size(), 15U);
}

TEST_F(RegularizedEvolutionTest, RefusesOptionsOutOfRange) {
  for (const char* options :
       {"{population_size: 0}", "{sample_size: 0}", "{population_size: -3}",
        "{population_size: 1000000000000}", "{sample_size: many}", "{poplation_size: 3}"}) {
    EXPECT_THROW(make("regularized_evolution", options), UsageError) << options;
  }
}

TEST_F(RegularizedEvolutionTest, AllocatesNothingInSteadyState) {
  const auto table = host_.benchmark("nasbench201", space());
  const ObjectiveFunction objective(*table);
  const auto optimizer = host_.optimizer("regularized_evolution");
  optimizer->adapt(objective.problem(0));
  auto& search = dynamic_cast<DiscreteOptimizer&>(*optimizer);
  const auto run_trials = [&](int trials) {
    for (int i = 0; i < trials; ++i) {
      const Trial trial = search.ask();
      search.tell(trial, objective.outcome(trial, 0));
    }
  };
  run_trials(150);
  const std::uint64_t before = testing::allocations();
  run_trials(5000);
  EXPECT_EQ(testing::allocations(), before);

  std::ignore = space().neighbours(optimizer->final_architecture());
  EXPECT_GT(testing::allocations(), before);  // what a plugin's library allocates is counted too
}

}  // namespace
}  // namespace espalier
