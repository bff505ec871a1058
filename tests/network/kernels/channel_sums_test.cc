#include "kernels/channel_sums.h"

#include "network/kernels/every_target.h"

namespace espalier::testing {
namespace {

class ChannelSums : public EveryTarget {};

constexpr std::size_t kPixels = 600;  // more than are summed in single precision at once

/// Standard normal, but for a mean of each channel far from zero.
template <class T>
std::vector<T> shifted_numbers(std::size_t channels, double mean) {
  std::vector<T> numbers = random_numbers<T>(kPixels * channels, channels);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] += static_cast<T>(mean * (1.0 + static_cast<double>(i % channels)));
  return numbers;
}

template <class T>
void check_moments(std::size_t channels, double shift) {
  const std::vector<T> numbers = shifted_numbers<T>(channels, shift);
  std::vector<double> mean(channels, -1.0);
  std::vector<double> squares(channels, -1.0);
  kernels::moments({numbers.data(), kPixels, channels, channels}, mean.data(), squares.data());
  for (std::size_t c = 0; c < channels; ++c) {
    double true_mean = 0.0;
    for (std::size_t p = 0; p < kPixels; ++p) true_mean += numbers[p * channels + c];
    true_mean /= kPixels;
    double true_squares = 0.0;
    for (std::size_t p = 0; p < kPixels; ++p) {
      const double apart = numbers[p * channels + c] - true_mean;
      true_squares += apart * apart;
    }
    const double tolerance = sizeof(T) == sizeof(float) ? 1e-5 : 1e-11;
    ASSERT_NEAR(mean[c], true_mean, tolerance);
    ASSERT_NEAR(squares[c] / true_squares, 1.0, tolerance);
  }
}

TEST_P(ChannelSums, MomentsAreThoseOfTheDefinition) {
  for (const std::size_t channels : kChannels) {
    check_moments<float>(channels, 0.0);
    check_moments<double>(channels, 0.0);
  }
}

TEST_P(ChannelSums, AMeanFarFromZeroCostsNoDigits) {
  check_moments<float>(17, 4.0);
  check_moments<double>(17, 1e3);
}

TEST_P(ChannelSums, MomentsMerge) {
  const std::vector<double> numbers = shifted_numbers<double>(1, 3.0);
  double mean = 0.0;
  double squares = 0.0;
  kernels::moments({numbers.data(), 100, 1, 1}, &mean, &squares);
  double rest_mean = 0.0;
  double rest_squares = 0.0;
  kernels::moments({numbers.data() + 100, kPixels - 100, 1, 1}, &rest_mean, &rest_squares);
  kernels::merge_moments(1, 100, &mean, &squares, kPixels - 100, &rest_mean, &rest_squares);
  double whole_mean = 0.0;
  double whole_squares = 0.0;
  kernels::moments({numbers.data(), kPixels, 1, 1}, &whole_mean, &whole_squares);
  EXPECT_NEAR(mean, whole_mean, 1e-12);
  EXPECT_NEAR(squares, whole_squares, 1e-9);
}

template <class T>
void check_sums(std::size_t channels) {
  const std::vector<T> g = random_numbers<T>(kPixels * channels, 1);
  const std::vector<T> x = random_numbers<T>(kPixels * channels, 2);
  std::vector<double> sums(channels, 1.0);  // they are added to
  std::vector<double> products(channels, 2.0);
  kernels::channel_sums({g.data(), kPixels, channels, channels}, sums.data());
  kernels::channel_products({g.data(), kPixels, channels, channels}, {x.data(), kPixels, channels, channels},
                            products.data());
  std::vector<double> true_sums(channels, 1.0);
  std::vector<double> true_products(channels, 2.0);
  for (std::size_t i = 0; i < g.size(); ++i) {
    true_sums[i % channels] += static_cast<double>(g[i]);
    true_products[i % channels] += static_cast<double>(g[i]) * static_cast<double>(x[i]);
  }
  const double tolerance = sizeof(T) == sizeof(float) ? 1e-4 : 1e-11;
  for (std::size_t c = 0; c < channels; ++c) {
    ASSERT_NEAR(sums[c], true_sums[c], tolerance);
    ASSERT_NEAR(products[c], true_products[c], tolerance);
  }
}

TEST_P(ChannelSums, AreThoseOfTheDefinition) {
  for (const std::size_t channels : kChannels) {
    check_sums<float>(channels);
    check_sums<double>(channels);
  }
}

ESPALIER_EVERY_TARGET(ChannelSums);

}  // namespace
}  // namespace espalier::testing
