#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "espalier/random/random.h"

namespace espalier::testing {

/// Runs a test once for every instruction set that this machine has and the kernels are compiled for.
class EveryTarget : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0); }
};

inline std::string target_name(const ::testing::TestParamInfo<std::int64_t>& info) {
  return hwy::TargetName(info.param);
}

#define ESPALIER_EVERY_TARGET(suite)                                                                 \
  INSTANTIATE_TEST_SUITE_P(Targets, suite, ::testing::ValuesIn(hwy::SupportedAndGeneratedTargets()), \
                           target_name)

/// Standard normal numbers from a seed.
template <class T>
std::vector<T> random_numbers(std::size_t count, std::uint64_t seed) {
  Rng rng(seed, "numbers");
  std::vector<T> numbers(count);
  for (T& number : numbers) number = static_cast<T>(rng.normal());
  return numbers;
}

/// What rounding may cost in sums of such numbers.
template <class T>
constexpr double kTolerance = sizeof(T) == sizeof(float) ? 1e-4 : 1e-12;

template <class T>
void expect_near(const std::vector<T>& values, const std::vector<T>& expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_NEAR(values[i], expected[i], kTolerance<T> * (1.0 + std::abs(static_cast<double>(expected[i]))))
        << "at " << i;
}

/// Channels about the lengths of vectors, and none of them.
inline const std::vector<std::size_t> kChannels = {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 48, 70};

}  // namespace espalier::testing
