#include "kernels/affine_sum.h"

#include "network/kernels/every_target.h"

namespace espalier::testing {
namespace {

class AffineSum : public EveryTarget {};

template <class T>
void check(std::size_t pixels, std::size_t channels, std::size_t count, bool in_place, std::size_t gap = 3) {
  const std::size_t stride = channels + gap;
  std::vector<std::vector<T>> values;
  std::vector<std::vector<T>> scales;
  std::vector<kernels::AffineTerm<T>> terms;
  for (std::size_t t = 0; t < count; ++t) {
    values.push_back(random_numbers<T>(pixels * stride, t));
    scales.push_back(random_numbers<T>(channels, 100 + t));
  }
  for (std::size_t t = 0; t < count; ++t) terms.push_back({values[t].data(), stride, scales[t].data()});
  const std::vector<T> offset = random_numbers<T>(channels, 200);

  std::vector<T> expected = in_place ? values.back() : std::vector<T>(pixels * channels);
  const std::size_t sum_stride = in_place ? stride : channels;
  for (std::size_t p = 0; p < pixels; ++p) {
    for (std::size_t c = 0; c < channels; ++c) {
      T sum = offset[c];
      for (std::size_t t = 0; t < count; ++t) sum += scales[t][c] * values[t][p * stride + c];
      expected[p * sum_stride + c] = sum;
    }
  }
  std::vector<T> separate(pixels * channels);
  std::vector<T>& sum = in_place ? values.back() : separate;
  kernels::affine_sum(terms, offset.data(), pixels, channels, sum.data(), sum_stride);
  expect_near(sum, expected);
}

TEST_P(AffineSum, IsTheSumOfScaledTerms) {
  for (const std::size_t channels : kChannels) {
    for (const std::size_t pixels : {1, 3, 4, 9}) {
      check<float>(pixels, channels, 3, false);
      check<double>(pixels, channels, 3, false);
    }
  }
}

TEST_P(AffineSum, OfPixelsSideBySideIsTheSameAsOfAnyOthers) {
  for (const std::size_t channels : kChannels) {
    for (const std::size_t pixels : {1, 131, 256}) {
      check<float>(pixels, channels, 5, false, 0);
      check<double>(pixels, channels, 5, false, 0);
      check<float>(pixels, channels, 2, true, 0);
    }
  }
}

TEST_P(AffineSum, OfNoTermIsTheOffset) { check<float>(5, 17, 0, false); }

TEST_P(AffineSum, MayBeWrittenOverATerm) {
  for (const std::size_t channels : kChannels) {
    check<float>(9, channels, 2, true);
    check<double>(9, channels, 2, true);
  }
}

ESPALIER_EVERY_TARGET(AffineSum);

}  // namespace
}  // namespace espalier::testing
