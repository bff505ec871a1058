#include "kernels/winograd.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "network/kernels/every_target.h"

namespace espalier::testing {
namespace {

class Winograd : public EveryTarget {};

using kernels::WinogradShape;

std::size_t padded_size(const WinogradShape& shape) {
  return (shape.height + 2) * (shape.width + 2) * shape.inputs;
}
std::size_t output_size(const WinogradShape& shape) { return shape.height * shape.width * shape.outputs; }
std::size_t filters_size(const WinogradShape& shape) { return 9 * shape.inputs * shape.outputs; }

template <class T>
kernels::Images<T> padded_images(T* values, const WinogradShape& shape) {
  return {values, (shape.width + 2) * shape.inputs, padded_size(shape)};
}
template <class T>
kernels::Images<T> output_images(T* values, const WinogradShape& shape) {
  return {values, shape.width * shape.outputs, output_size(shape)};
}

/// Calls body(index in padded, in filters and in output) for every product of the convolution.
template <class Body>
void for_each_product(const WinogradShape& shape, const Body& body) {
  for (std::size_t n = 0; n < shape.images; ++n)
    for (std::size_t y = 0; y < shape.height; ++y)
      for (std::size_t x = 0; x < shape.width; ++x)
        for (std::size_t tap = 0; tap < 9; ++tap)
          for (std::size_t i = 0; i < shape.inputs; ++i)
            for (std::size_t o = 0; o < shape.outputs; ++o)
              body(n * padded_size(shape) + ((y + tap / 3) * (shape.width + 2) + x + tap % 3) * shape.inputs +
                       i,
                   (tap * shape.inputs + i) * shape.outputs + o,
                   n * output_size(shape) + (y * shape.width + x) * shape.outputs + o);
}

/// Into one output, or the first channel into one of its own.
template <class T>
std::vector<T> winograd(const std::vector<T>& padded, const WinogradShape& shape,
                        const std::vector<T>& filters, std::vector<T> output, bool accumulate,
                        bool apart = false) {
  std::vector<T> transformed(16 * shape.inputs * shape.outputs);
  std::vector<T> scratch(kernels::winograd_scratch(shape));
  kernels::winograd_filters(filters.data(), shape, transformed.data());
  const kernels::Images<T> all = output_images(output.data(), shape);
  const std::size_t pixels = shape.height * shape.width;
  std::vector<T> first(shape.images * pixels);
  std::vector<T> rest(first.size() * (shape.outputs - 1));
  std::vector<kernels::WinogradOutput<T>> outputs = {{all, shape.outputs}};
  if (apart) {
    outputs = {
        {{first.data(), shape.width, pixels}, 1},
        {{rest.data(), shape.width * (shape.outputs - 1), pixels * (shape.outputs - 1)}, shape.outputs - 1}};
  }
  kernels::winograd(padded_images(padded.data(), shape), shape, transformed.data(), scratch.data(),
                    std::span<const kernels::WinogradOutput<T>>(outputs), accumulate);
  for (std::size_t i = 0; apart && i < output.size(); ++i) {
    const std::size_t channel = i % shape.outputs;
    const std::size_t pixel = i / shape.outputs;
    output[i] = channel == 0 ? first[pixel] : rest[pixel * (shape.outputs - 1) + channel - 1];
  }
  return output;
}

template <class T>
void check_forward(const WinogradShape& shape) {
  const auto padded = random_numbers<T>(shape.images * padded_size(shape), 1);
  const auto filters = random_numbers<T>(filters_size(shape), 2);
  const auto before = random_numbers<T>(shape.images * output_size(shape), 3);
  for (const bool accumulate : {false, true}) {
    std::vector<T> expected = accumulate ? before : std::vector<T>(before.size());
    for_each_product(
        shape, [&](std::size_t p, std::size_t f, std::size_t o) { expected[o] += padded[p] * filters[f]; });
    expect_near(winograd(padded, shape, filters, before, accumulate), expected);
    if (!accumulate)
      expect_near(winograd(padded, shape, filters, before, accumulate, /*apart=*/true), expected);
  }
}

/// The gradient of the filters, in two portions.
template <class T>
void check_backward_filters(const WinogradShape& shape) {
  std::vector<T> transformed(16 * shape.inputs * shape.outputs, std::numeric_limits<T>::quiet_NaN());
  std::vector<T> scratch(kernels::winograd_scratch(shape));
  std::vector<T> expected(filters_size(shape));
  for (const std::uint64_t portion : {0, 1}) {
    const auto padded = random_numbers<T>(shape.images * padded_size(shape), 10 + portion);
    const auto gradient = random_numbers<T>(shape.images * output_size(shape), 20 + portion);
    kernels::winograd_backward_filters(padded_images(padded.data(), shape), shape,
                                       output_images(gradient.data(), shape), scratch.data(),
                                       /*accumulate=*/portion > 0, transformed.data());
    for_each_product(
        shape, [&](std::size_t p, std::size_t f, std::size_t o) { expected[f] += padded[p] * gradient[o]; });
  }
  std::vector<T> filters_gradient(filters_size(shape));
  kernels::winograd_filters_backward(transformed.data(), shape, filters_gradient.data());
  expect_near(filters_gradient, expected);
}

/// images [height, width, channels] with zeros around each.
template <class T>
std::vector<T> padded_with_zeros(const std::vector<T>& images, const WinogradShape& shape,
                                 std::size_t channels) {
  const std::size_t row = shape.width * channels;
  const std::size_t padded_row = row + 2 * channels;
  std::vector<T> padded(shape.images * (shape.height + 2) * padded_row);
  for (std::size_t n = 0; n < shape.images; ++n)
    for (std::size_t y = 0; y < shape.height; ++y)
      std::copy_n(images.data() + (n * shape.height + y) * row, row,
                  padded.data() + (n * (shape.height + 2) + y + 1) * padded_row + channels);
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
  const auto gradient = random_numbers<T>(shape.images * output_size(shape), 1);
  const auto filters = random_numbers<T>(filters_size(shape), 2);
  std::vector<T> padded_gradient(shape.images * padded_size(shape));
  for_each_product(shape, [&](std::size_t p, std::size_t f, std::size_t o) {
    padded_gradient[p] += gradient[o] * filters[f];
  });
  std::vector<T> expected;
  for (std::size_t n = 0; n < shape.images; ++n) {
    for (std::size_t y = 0; y < shape.height; ++y) {
      const T* row = padded_images(padded_gradient.data(), shape).pixel(n, y + 1, 1, shape.inputs);
      expected.insert(expected.end(), row, row + shape.width * shape.inputs);
    }
  }
  const WinogradShape back{shape.images, shape.height, shape.width, shape.outputs, shape.inputs};
  const auto padded = padded_with_zeros(gradient, shape, shape.outputs);
  expect_near(winograd(padded, back, turned(filters, shape), std::vector<T>(expected.size()), false),
              expected);
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
        check_all<float>({2, 5, 4, inputs, outputs});
        check_all<double>({2, 4, 5, inputs, outputs});
      }
    }
  }
}

TEST_P(Winograd, OfAnySize) {
  for (const std::size_t height : {1, 2, 3, 8, 17, 33}) {
    for (const std::size_t width : {1, 2, 3, 8, 17, 33}) {
      check_all<float>({2, height, width, 4, 5});
      check_all<double>({1, height, width, 3, 2});
    }
  }
}

TEST_P(Winograd, OfSeveralStrips) {
  check_all<float>({3, 17, 15, 33, 48});
  check_all<double>({2, 9, 12, 70, 64});
}

ESPALIER_EVERY_TARGET(Winograd);

}  // namespace
}  // namespace espalier::testing
