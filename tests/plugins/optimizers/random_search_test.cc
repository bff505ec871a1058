#include <gtest/gtest.h>

#include <set>

#include "plugins/optimizers/search_fixture.h"

namespace espalier {
namespace {

class RandomSearchTest : public testing::SearchTest {};

TEST_F(RandomSearchTest, SamplesTheSpaceUniformly) {
  const auto optimizer = make("random_search");
  std::vector<std::vector<int>> counts(6, std::vector<int>(5, 0));
  std::set<Architecture> distinct;
  for (const testing::Told& told : run(*optimizer, 5000)) {
    distinct.insert(told.architecture);
    for (std::size_t i = 0; i < 6; ++i) ++counts[i][told.architecture[i]];
  }
  for (const auto& choice : counts) {
    for (const int count : choice) EXPECT_NEAR(count, 1000, 130);  // more than four standard deviations
  }
  EXPECT_GT(distinct.size(), 4000U);  // 4,280 expected
}

TEST_F(RandomSearchTest, DoesNotDependOnWhatIsPending) {
  EXPECT_EQ(run(*make("random_search"), 100, 1), run(*make("random_search"), 100, 7));
  EXPECT_NE(run(*make("random_search", "", 1), 100), run(*make("random_search", "", 2), 100));
}

}  // namespace
}  // namespace espalier
