#include "winograd.h"

#include <algorithm>
#include <utility>

#include "every_target.h"

namespace espalier::testing {
namespace {

class Winograd : public EveryTarget {};

using kernels::WinogradShape;

/// Calls body(index in padded, in filters and in output) for every product of the convolution.
template <class Body>
void for_each_product(const WinogradShape& shape, const Body& body) {
  for (std::size_t y = 0; y < shape.height; ++y)
    for (std::size_t x = 0; x < shape.width; ++x)
      for (std::size_t tap = 0; tap < 9; ++tap)
        for (std::size_t i = 0; i < shape.inputs; ++i)
          for (std::size_t o = 0; o < shape.outputs; ++o)
            body(((y + tap / 3) * (shape.width + 2) + x + tap % 3) * shape.inputs + i,
                 (tap * shape.inputs + i) * shape.outputs + o, (y * shape.width + x) * shape.outputs + o);
}

std::size_t padded_size(const WinogradShape& shape) {
  return (shape.height + 2) * (shape.width + 2) * shape.inputs;
}
std::size_t output_size(const WinogradShape& shape) { return shape.height * shape.width * shape.outputs; }
std::size_t filters_size(const WinogradShape& shape) { return 9 * shape.inputs * shape.outputs; }

template <class T>
std::vector<T> winograd(const std::vector<T>& padded, const WinogradShape& shape,
                        const std::vector<T>& filters) {
  std::vector<T> transformed(16 * shape.inputs * shape.outputs);
  std::vector<T> scratch(kernels::winograd_scratch(shape));
  std::vector<T> output(output_size(shape));
  kernels::winograd_filters(filters.data(), shape, transformed.data());
  kernels::winograd(padded.data(), shape, transformed.data(), scratch.data(), output.data());
  return output;
}

template <class T>
void check_forward(const WinogradShape& shape) {
  const auto padded = random_numbers<T>(padded_size(shape), 1);
  const auto filters = random_numbers<T>(filters_size(shape), 2);
  std::vector<T> expected(output_size(shape));
  for_each_product(
      shape, [&](std::size_t p, std::size_t f, std::size_t o) { expected[o] += padded[p] * filters[f]; });
  expect_near(winograd(padded, shape, filters), expected);
}

/// The gradient of the filters, of two images.
template <class T>
void check_backward_filters(const WinogradShape& shape) {
  std::vector<T> transformed(16 * shape.inputs * shape.outputs);
  std::vector<T> scratch(kernels::winograd_scratch(shape));
  std::vector<T> expected(filters_size(shape));
  for (const std::uint64_t image : {0, 1}) {
    const auto padded = random_numbers<T>(padded_size(shape), 10 + image);
    const auto gradient = random_numbers<T>(output_size(shape), 20 + image);
    kernels::winograd_backward_filters(padded.data(), shape, gradient.data(), scratch.data(),
                                       transformed.data());
    for_each_product(
        shape, [&](std::size_t p, std::size_t f, std::size_t o) { expected[f] += padded[p] * gradient[o]; });
  }
  std::vector<T> filters_gradient(filters_size(shape));
  kernels::winograd_filters_backward(transformed.data(), shape, filters_gradient.data());
  expect_near(filters_gradient, expected);
}

/// image [height, width, channels] with zeros around.
template <class T>
std::vector<T> padded_with_zeros(const std::vector<T>& image, std::size_t height, std::size_t width,
                                 std::size_t channels) {
  std::vector<T> padded((height + 2) * (width + 2) * channels);
  for (std::size_t y = 0; y < height; ++y)
    std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(y * width * channels), width * channels,
                padded.begin() + static_cast<std::ptrdiff_t>(((y + 1) * (width + 2) + 1) * channels));
  return padded;
}

template <class T>
std::vector<T> turned(const std::vector<T>& filters, const WinogradShape& shape) {
  std::vector<T> result(filters.size());
  for (std::size_t tap = 0; tap < 9; ++tap)
    for (std::size_t i = 0; i < shape.inputs; ++i)
      for (std::size_t o = 0; o < shape.outputs; ++o)
        result[((8 - tap) * shape.outputs + o) * shape.inputs + i] =
            filters[(tap * shape.inputs + i) * shape.outputs + o];
  return result;
}

template <class T>
void check_backward_input(const WinogradShape& shape) {
  const auto gradient = random_numbers<T>(output_size(shape), 1);
  const auto filters = random_numbers<T>(filters_size(shape), 2);
  std::vector<T> padded_gradient(padded_size(shape));
  for_each_product(shape, [&](std::size_t p, std::size_t f, std::size_t o) {
    padded_gradient[p] += gradient[o] * filters[f];
  });
  std::vector<T> expected;
  for (std::size_t y = 0; y < shape.height; ++y) {
    const auto row = padded_gradient.begin() +
                     static_cast<std::ptrdiff_t>(((y + 1) * (shape.width + 2) + 1) * shape.inputs);
    expected.insert(expected.end(), row, row + static_cast<std::ptrdiff_t>(shape.width * shape.inputs));
  }
  const WinogradShape back{shape.height, shape.width, shape.outputs, shape.inputs};
  const auto padded = padded_with_zeros(gradient, shape.height, shape.width, shape.outputs);
  expect_near(winograd(padded, back, turned(filters, shape)), expected);
}

template <class T>
void check_all(const WinogradShape& shape) {
  SCOPED_TRACE(::testing::Message() << shape.height << " by " << shape.width << ", " << shape.inputs << " to "
                                    << shape.outputs);
  check_forward<T>(shape);
  check_backward_filters<T>(shape);
  check_backward_input<T>(shape);
}

TEST_P(Winograd, OfAnyChannels) {
  for (const std::size_t channels : kChannels) {
    for (const std::size_t others : {1, 5, 16}) {
      for (const auto& [inputs, outputs] : {std::pair(channels, others), std::pair(others, channels)}) {
        check_all<float>({5, 4, inputs, outputs});
        check_all<double>({4, 5, inputs, outputs});
      }
    }
  }
}

TEST_P(Winograd, OfAnySize) {
  for (const std::size_t height : {1, 2, 3, 8, 17, 33}) {
    for (const std::size_t width : {1, 2, 3, 8, 17, 33}) {
      check_all<float>({height, width, 4, 5});
      check_all<double>({height, width, 3, 2});
    }
  }
}

TEST_P(Winograd, OfSeveralStrips) {
  check_all<float>({17, 15, 33, 48});
  check_all<double>({9, 12, 70, 64});
}

ESPALIER_EVERY_TARGET(Winograd);

}  // namespace
}  // namespace espalier::testing
