#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "plugins/optimizers/search_fixture.h"

namespace espalier {
namespace {

using testing::Told;

class LocalSearchTest : public testing::SearchTest {};

TEST_F(LocalSearchTest, EvaluatesAllNeighboursAndMovesToTheBest) {
  const auto told = run(*make("local_search"), 2000);
  std::size_t at = 0;  // the point whose neighbours come next
  std::size_t climbs = 0;
  std::size_t restarts = 0;
  Told point = told[at];
  for (std::size_t begin = 1; begin + 24 <= told.size();) {
    std::set<Architecture> seen;
    Told best = told[begin];
    for (std::size_t i = begin; i < begin + 24; ++i) {
      ASSERT_TRUE(neighbours(point.architecture, told[i].architecture)) << i;
      seen.insert(told[i].architecture);
      if (told[i].outcome.value() > best.outcome.value()) best = told[i];
    }
    ASSERT_EQ(seen.size(), 24U);
    begin += 24;
    if (best.outcome.value() > point.outcome.value()) {
      point = best;
      ++climbs;
    } else if (begin < told.size()) {
      point = told[begin++];  // a local optimum: anew at random
      ++restarts;
    }
  }
  EXPECT_GT(climbs, 20U);
  EXPECT_GT(restarts, 5U);
}

TEST_F(LocalSearchTest, MovesToTheFirstThatIsBetter) {
  const auto told = run(*make("local_search", "{move: first}"), 2000);
  Told point = told[0];
  std::size_t tried = 0;
  std::size_t moves = 0;
  for (std::size_t i = 1; i < told.size(); ++i) {
    if (tried == 24) {  // all in vain
      point = told[i];
      tried = 0;
      continue;
    }
    ASSERT_TRUE(neighbours(point.architecture, told[i].architecture)) << i;
    ++tried;
    if (told[i].outcome.value() > point.outcome.value()) {
      point = told[i];
      tried = 0;
      ++moves;
    }
  }
  EXPECT_GT(moves, 50U);
}

TEST_F(LocalSearchTest, TakesNeighboursInRandomOrder) {
  const auto first = run(*make("local_search", "", 1), 25);
  auto in_order = space().neighbours(first[0].architecture);
  std::vector<Architecture> asked;
  for (std::size_t i = 1; i < first.size(); ++i) asked.push_back(first[i].architecture);
  EXPECT_NE(asked, in_order);
  EXPECT_THAT(asked, ::testing::UnorderedElementsAreArray(in_order));
}

TEST_F(LocalSearchTest, FindsBetterThanRandomSearch) {
  for (const char* options : {"{move: best}", "{move: first}"}) {
    double climbed = 0.0;
    double random = 0.0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto search = make("local_search", options, seed);
      const auto baseline = make("random_search", "", seed);
      run(*search, 300);
      run(*baseline, 300);
      climbed += testing::nearness(search->final_architecture()).value();
      random += testing::nearness(baseline->final_architecture()).value();
    }
    EXPECT_GT(climbed / 20, random / 20 + 0.5) << options;
  }
}

TEST_F(LocalSearchTest, ClimbsWithSeveralPending) {
  for (const char* options : {"{move: best}", "{move: first}"}) {
    for (const std::size_t pending : {2U, 10U, 40U}) {
      double climbed = 0.0;
      double random = 0.0;
      for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto search = make("local_search", options, seed);
        const auto baseline = make("random_search", "", seed);
        run(*search, 600, pending);
        run(*baseline, 600, pending);
        climbed += testing::nearness(search->final_architecture()).value();
        random += testing::nearness(baseline->final_architecture()).value();
      }
      EXPECT_GT(climbed / 10, random / 10 + 0.3) << options << pending;
    }
  }
}

TEST_F(LocalSearchTest, WorksWhenToldInAnyOrder) {
  const auto search = make("local_search");
  Rng rng(0, "order");
  for (int i = 0; i < 2000; ++i) {
    while (search->pending().size() < 7) search->ask();
    const Trial any = search->pending()[rng.below(7)];
    search->tell(any, testing::nearness(any.architecture));
  }
  EXPECT_EQ(search->told(), 2000U);
  EXPECT_GT(testing::nearness(search->final_architecture()).value(), 6.0);
}

TEST_F(LocalSearchTest, RefusesAnUnknownMove) {
  EXPECT_THROW(make("local_search", "{move: second}"), UsageError);
}

}  // namespace
}  // namespace espalier
