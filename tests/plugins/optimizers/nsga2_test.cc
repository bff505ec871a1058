#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ranges>
#include <set>

#include "espalier/errors/errors.h"
#include "espalier/search/pareto.h"
#include "plugins/optimizers/table_fixture.h"

namespace espalier {
namespace {

using ::testing::ElementsAre;

class Nsga2Test : public testing::TableTest {
 protected:
  using Values = std::vector<double>;

  /// Asks for one trial for each of `all`, and only then tells them.
  static std::vector<Architecture> tell(DiscreteOptimizer& optimizer, const std::vector<Values>& all) {
    std::vector<Trial> trials;
    for (std::size_t i = 0; i < all.size(); ++i) trials.push_back(optimizer.ask());
    std::vector<Architecture> told;
    for (std::size_t i = 0; i < all.size(); ++i) {
      optimizer.tell(trials[i], {.values = ObjectiveValues(all[i])});
      told.push_back(trials[i].architecture);
    }
    return told;
  }
  /// The values of the members, as they stand.
  static std::vector<Values> members(const DiscreteOptimizer& optimizer) {
    const nlohmann::json state = optimizer.save();
    std::vector<Values> found;
    for (const auto& member : state.at("state").at("members"))
      found.push_back(member.at("outcome").at("values").get<Values>());
    return found;
  }

  ObjectiveFunction accuracy_and_latency() const {
    return {*space_,
            {.benchmarks = {table_.get()},
             .metrics = {{.name = "validation_accuracy"}, {.name = "raspi4_latency"}}}};
  }
  /// The area that a front dominates, from 10 % and 100 ms on.
  static double hypervolume(const DiscreteOptimizer& optimizer) {
    std::map<double, double> accuracy_of;  // by latency; the slower, the more accurate
    for (const ToldTrial& told : optimizer.front())
      accuracy_of[-told.outcome.values[1]] = told.outcome.values[0];
    double area = 0.0;
    double slower = 100.0;
    for (const auto& [latency, accuracy] : accuracy_of | std::views::reverse) {
      area += (slower - latency) * (accuracy - 10.0);
      slower = latency;
    }
    return area;
  }
};

TEST_F(Nsga2Test, CrossoversOfASpaceWithConditionsAreBroughtToTheirCanonicalForm) {
  const auto space = host_.search_space("hierarchical");
  const auto plugin = host_.optimizer("nsga2", "{population_size: 4}");
  auto& optimizer = dynamic_cast<DiscreteOptimizer&>(*plugin);
  optimizer.adapt({.space = *space, .seed = 1, .objectives = {{.name = "a"}, {.name = "b"}}});
  const std::vector<Architecture> parents = tell(optimizer, {{1, 4}, {2, 3}, {3, 2}, {4, 1}});
  // A mutant of a parent differs from it in one of the choices that are active in both.
  const auto differences = [&](const Architecture& a, const Architecture& b) {
    int count = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
      count += a[i] != b[i] && space->is_active(i, a) && space->is_active(i, b) ? 1 : 0;
    return count;
  };
  int crossed = 0;
  for (int i = 0; i < 40; ++i) {
    const Architecture child = optimizer.ask().architecture;
    EXPECT_TRUE(space->is_valid(child));
    crossed += std::ranges::all_of(parents,
                                   [&](const Architecture& parent) { return differences(parent, child) > 1; })
                   ? 1
                   : 0;
  }
  // Half of the children look like mutants: parents are drawn twice, and short crossovers exchange little.
  // There were 17 others when crossovers with inactive choices that are set were lost.
  EXPECT_GT(crossed, 20);
}

TEST_F(Nsga2Test, KeepsTheFirstFrontsAndOfTheLastTheLeastCrowded) {
  const auto optimizer = make("nsga2", "{population_size: 4}", problem(2));
  tell(*optimizer, {{1, 4}, {2, 3}, {4, 2}, {1, 1}});
  // A front of three, its ends first, and what they dominate.
  EXPECT_THAT(members(*optimizer), ElementsAre(Values{4, 2}, Values{1, 4}, Values{2, 3}, Values{1, 1}));
  tell(*optimizer, {{2.5, 3}, {2, 2}, {0, 5}, {5, 0}});
  // (2.5, 3) dominates (2, 3). Of five in the first front, (1, 4) has the nearest neighbors:
  // (2.5 - 0 + 5 - 3) / 5, against (5 - 2.5 + 3 - 0) / 5 of (4, 2) and (4 - 1 + 4 - 2) / 5 of (2.5, 3).
  EXPECT_THAT(members(*optimizer), ElementsAre(Values{5, 0}, Values{0, 5}, Values{4, 2}, Values{2.5, 3}));
}

TEST_F(Nsga2Test, WithOneObjectiveTheBestSurvive) {
  const auto optimizer = make("nsga2", "{population_size: 3}", problem());
  tell(*optimizer, {{1}, {3}, {2}});
  tell(*optimizer, {{2.5}, {0}, {9}});
  EXPECT_THAT(members(*optimizer), ElementsAre(Values{9}, Values{3}, Values{2.5}));
}

TEST_F(Nsga2Test, KeepsEqualsOfThreeObjectives) {
  const auto optimizer = make("nsga2", "{population_size: 2}", problem(3));
  tell(*optimizer, {{1, 1, 1}, {1, 1, 1}});
  tell(*optimizer, {{1, 1, 1}, {2, 1, 1}});
  EXPECT_THAT(members(*optimizer), ElementsAre(Values{2, 1, 1}, Values{1, 1, 1}));
}

TEST_F(Nsga2Test, AChildIsAMutantOfACrossoverOfTwoParents) {
  const auto optimizer = make("nsga2", "{population_size: 2}", problem(2));
  const auto parents = tell(*optimizer, {{1, 2}, {2, 1}});
  std::set<Architecture> children;
  int crossed = 0;
  for (int i = 0; i < 40; ++i) {
    const Architecture child = optimizer->ask().architecture;
    EXPECT_TRUE(children.insert(child).second) << i;
    EXPECT_EQ(std::ranges::count(parents, child), 0);
    int own = 0;
    for (std::size_t k = 0; k < child.size(); ++k)
      own += child[k] != parents[0][k] && child[k] != parents[1][k] ? 1 : 0;
    EXPECT_LE(own, 1);
    crossed += distance(child, parents[0]) > 1 && distance(child, parents[1]) > 1 ? 1 : 0;
  }
  EXPECT_GT(crossed, 5);
}

TEST_F(Nsga2Test, BeginsAtRandom) {
  const ObjectiveFunction objective = accuracy_and_latency();
  const auto optimizer = make("nsga2", "", objective.problem(5));
  const auto baseline = make("random_search", "", objective.problem(5));
  for (int i = 0; i < 41; ++i) {
    const bool same = step(*optimizer, objective).architecture == step(*baseline, objective).architecture;
    EXPECT_EQ(same, i < 40) << i;
  }
}

TEST_F(Nsga2Test, ProposesNoMemberAgain) {
  const ObjectiveFunction objective = accuracy_and_latency();
  const auto optimizer = make("nsga2", "{population_size: 10}", objective.problem(0));
  std::vector<Architecture> generation;
  for (const Trial& trial : run(*optimizer, objective, 500, 3)) {
    EXPECT_EQ(std::ranges::count(generation, trial.architecture), 0) << trial.id;
    if (generation.size() == 10) generation.clear();
    generation.push_back(trial.architecture);
  }
}

TEST_F(Nsga2Test, TheFrontHasNoDominatedMember) {
  const ObjectiveFunction objective = accuracy_and_latency();
  const auto optimizer = make("nsga2", "", objective.problem(0));
  run(*optimizer, objective, 400);
  EXPECT_GT(optimizer->front().size(), 5U);
  for (const ToldTrial& one : optimizer->front())
    for (const ToldTrial& other : optimizer->front()) EXPECT_FALSE(dominates(one.outcome, other.outcome));
}

TEST_F(Nsga2Test, FindsABetterFrontThanRandomSearch) {
  const ObjectiveFunction objective = accuracy_and_latency();
  int better = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto optimizer = make("nsga2", "", objective.problem(seed));
    const auto baseline = make("random_search", "", objective.problem(seed));
    run(*optimizer, objective, 800);
    run(*baseline, objective, 800);
    better += hypervolume(*optimizer) > hypervolume(*baseline) ? 1 : 0;
  }
  EXPECT_EQ(better, 10);
}

TEST_F(Nsga2Test, ResumesAnywhere) {
  expect_resumes("nsga2", "{population_size: 6}", accuracy_and_latency(), 40, 1);
  expect_resumes("nsga2", "{population_size: 6}", accuracy_and_latency(), 40, 4);
}

TEST_F(Nsga2Test, RefusesDamagedStates) {
  const ObjectiveFunction objective = accuracy_and_latency();
  const auto optimizer = make("nsga2", "", objective.problem(0));
  run(*optimizer, objective, 20);
  const nlohmann::json good = optimizer->save();
  const auto load = [&](const nlohmann::json& state) {
    make("nsga2", "", objective.problem(0))->load(state);
  };
  EXPECT_NO_THROW(load(good));
  nlohmann::json damaged = good;
  damaged["state"]["members"][3]["outcome"]["values"] = {1.0};
  EXPECT_THROW(load(damaged), Error);
  damaged = good;
  damaged["state"]["members"][3]["architecture"][0] = 5;
  EXPECT_THROW(load(damaged), Error);
  damaged = good;
  damaged["state"].erase("members");
  EXPECT_THROW(load(damaged), Error);
}

TEST_F(Nsga2Test, RefusesOptionsOutOfRange) {
  for (const char* options : {"{population_size: 1}", "{population_size: many}", "{population: 40}"})
    EXPECT_THROW(host_.optimizer("nsga2", options), UsageError) << options;
}

}  // namespace
}  // namespace espalier
