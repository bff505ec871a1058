#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "espalier/network/training/data_loader.h"
#include "usage_error.h"

namespace espalier {
namespace {

TEST(SplitIndices, DividesAtRandom) {
  const IndexSplit split = split_indices(101, 0.5, 1);
  EXPECT_EQ(split.train.size(), 50U);
  EXPECT_EQ(split.validation.size(), 51U);
  std::vector<std::uint32_t> both = split.train;
  both.insert(both.end(), split.validation.begin(), split.validation.end());
  EXPECT_FALSE(std::is_sorted(both.begin(), both.end()));
  std::sort(both.begin(), both.end());
  for (std::uint32_t i = 0; i < 101; ++i) EXPECT_EQ(both[i], i);
  EXPECT_EQ(split_indices(101, 0.5, 1).train, split.train);
  EXPECT_NE(split_indices(101, 0.5, 2).train, split.train);
}

TEST(SplitIndices, RefusesAnEmptyPart) {
  for (const double fraction : {0.0, 1.0, -0.5, 1e300, std::numeric_limits<double>::quiet_NaN()})
    testing::usage_error_of([&] { split_indices(10, fraction, 0); });
  testing::usage_error_of([] { split_indices(1, 0.5, 0); });
}

}  // namespace
}  // namespace espalier
