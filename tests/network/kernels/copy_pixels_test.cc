#include "kernels/copy_pixels.h"

#include "network/kernels/every_target.h"

namespace espalier::testing {
namespace {

class CopyPixels : public EveryTarget {};

constexpr std::size_t kPixels = 5;

template <class T>
void check_copy(std::size_t channels) {
  const std::size_t from_stride = channels + 2;
  const std::size_t to_stride = channels + 1;
  const std::vector<T> from = random_numbers<T>(kPixels * from_stride, 1);
  std::vector<T> to = random_numbers<T>(kPixels * to_stride, 2);
  std::vector<T> expected = to;
  for (std::size_t p = 0; p < kPixels; ++p)
    for (std::size_t c = 0; c < channels; ++c) expected[p * to_stride + c] = from[p * from_stride + c];
  kernels::copy_pixels({from.data(), kPixels, channels, from_stride}, to.data(), to_stride);
  EXPECT_EQ(to, expected) << channels;
}

template <class T>
void check_shuffle(std::size_t groups, std::size_t size) {
  const std::size_t channels = groups * size;
  const std::size_t stride = channels + 3;
  const std::vector<T> from = random_numbers<T>(kPixels * stride, 1);
  std::vector<T> to(kPixels * channels);
  std::vector<T> expected(to.size());
  for (std::size_t p = 0; p < kPixels; ++p)
    for (std::size_t g = 0; g < groups; ++g)
      for (std::size_t c = 0; c < size; ++c)
        expected[p * channels + c * groups + g] = from[p * stride + g * size + c];
  kernels::shuffle_pixels({from.data(), kPixels, channels, stride}, groups, to.data());
  EXPECT_EQ(to, expected) << groups << " groups of " << size;
}

TEST_P(CopyPixels, WritesTheChannelsAlone) {
  for (const std::size_t channels : kChannels) {
    check_copy<float>(channels);
    check_copy<double>(channels);
  }
}

TEST_P(CopyPixels, ShufflesAnyNumberOfGroups) {
  for (const std::size_t groups : {1, 2, 3, 4, 5, 8, 16}) {
    for (const std::size_t size : {1, 2, 3, 4, 5, 8, 16, 17, 21}) {
      check_shuffle<float>(groups, size);
      check_shuffle<double>(groups, size);
    }
  }
}

ESPALIER_EVERY_TARGET(CopyPixels);

}  // namespace
}  // namespace espalier::testing
