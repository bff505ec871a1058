#include "kernels/pool.h"

#include <algorithm>
#include <limits>

#include "network/kernels/every_target.h"

namespace espalier::testing {
namespace {

class Pool : public EveryTarget {};

using kernels::PoolShape;

std::size_t numbers(const kernels::ImageShape& shape) { return shape.pixels() * shape.channels; }

/// Calls body(index in the output, indices in the image) with every window.
template <class Body>
void for_each_window(const PoolShape& shape, const Body& body) {
  const auto signed_of = [](std::size_t size) { return static_cast<int>(size); };
  const kernels::ImageShape output = shape.output();
  for (std::size_t at = 0; at < numbers(output); ++at) {
    const std::size_t c = at % output.channels;
    const int y = signed_of(at / output.channels / output.width * shape.stride) - signed_of(shape.padding);
    const int x = signed_of(at / output.channels % output.width * shape.stride) - signed_of(shape.padding);
    std::vector<std::size_t> window;
    for (int i = y; i < y + signed_of(shape.kernel); ++i)
      for (int j = x; j < x + signed_of(shape.kernel); ++j)
        if (i >= 0 && j >= 0 && i < signed_of(shape.image.height) && j < signed_of(shape.image.width))
          window.push_back((static_cast<std::size_t>(i) * shape.image.width + static_cast<std::size_t>(j)) *
                               shape.image.channels +
                           c);
    body(at, window);
  }
}

/// Numbers among which many are equal, so that the first of the greatest matters.
template <class T>
std::vector<T> coarse_numbers(std::size_t count, std::uint64_t seed) {
  std::vector<T> values = random_numbers<T>(count, seed);
  for (T& value : values) value = std::round(value);
  return values;
}

template <class T>
void check_max(const PoolShape& shape) {
  const std::vector<T> image = coarse_numbers<T>(numbers(shape.image), 1);
  const std::vector<T> gradient = random_numbers<T>(numbers(shape.output()), 2);
  const std::vector<T> before = random_numbers<T>(image.size(), 3);
  std::vector<T> expected(gradient.size());
  std::vector<T> expected_gradient = before;
  for_each_window(shape, [&](std::size_t at, const std::vector<std::size_t>& window) {
    const auto most = *std::max_element(window.begin(), window.end(),
                                        [&](std::size_t a, std::size_t b) { return image[a] < image[b]; });
    expected[at] = image[most];
    expected_gradient[most] += gradient[at];
  });
  std::vector<T> output(gradient.size());
  kernels::max_pool(image.data(), shape, output.data());
  EXPECT_EQ(output, expected);
  std::vector<T> image_gradient = before;
  kernels::max_pool_backward(image.data(), shape, gradient.data(), image_gradient.data());
  expect_near(image_gradient, expected_gradient);
}

template <class T>
void check_avg(const PoolShape& shape) {
  const std::vector<T> image = random_numbers<T>(numbers(shape.image), 1);
  const std::vector<T> gradient = random_numbers<T>(numbers(shape.output()), 2);
  const std::vector<T> before = random_numbers<T>(image.size(), 3);
  std::vector<T> expected(gradient.size());
  std::vector<T> expected_gradient = before;
  for_each_window(shape, [&](std::size_t at, const std::vector<std::size_t>& window) {
    for (const std::size_t place : window) {
      expected[at] += image[place] / static_cast<T>(window.size());
      expected_gradient[place] += gradient[at] / static_cast<T>(window.size());
    }
  });
  std::vector<T> output(gradient.size());
  kernels::avg_pool(image.data(), shape, output.data());
  expect_near(output, expected);
  std::vector<T> image_gradient = before;
  kernels::avg_pool_backward(gradient.data(), shape, image_gradient.data());
  expect_near(image_gradient, expected_gradient);
}

void check_all(const PoolShape& shape) {
  check_max<float>(shape);
  check_max<double>(shape);
  check_avg<float>(shape);
  check_avg<double>(shape);
}

TEST_P(Pool, OfAnyChannels) {
  for (const std::size_t channels : kChannels)
    check_all({.image = {5, 4, channels}, .kernel = 3, .stride = 1, .padding = 1});
}

TEST_P(Pool, OfAnySizeAndStride) {
  for (const std::size_t height : {1, 2, 7, 33}) {
    for (const std::size_t width : {1, 3, 8}) {
      for (const std::size_t stride : {1, 2, 3})
        check_all({.image = {height, width, 5}, .kernel = 3, .stride = stride, .padding = 1});
    }
  }
}

TEST_P(Pool, OfOtherWindows) {
  check_all({.image = {6, 4, 3}, .kernel = 2, .stride = 2, .padding = 0});
  check_all({.image = {9, 7, 3}, .kernel = 5, .stride = 2, .padding = 2});
  check_all({.image = {3, 3, 3}, .kernel = 1, .stride = 2, .padding = 0});
}

ESPALIER_EVERY_TARGET(Pool);

}  // namespace
}  // namespace espalier::testing
