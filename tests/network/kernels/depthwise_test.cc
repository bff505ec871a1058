#include "kernels/depthwise.h"

#include "network/kernels/every_target.h"

namespace espalier::testing {
namespace {

class Depthwise : public EveryTarget {};

struct Case {
  kernels::Window window;
  std::size_t height;  ///< of the output
  std::size_t width;
  std::size_t channels;

  /// Nothing reads the last pixel of a row.
  kernels::ImageShape padded() const { return {padded_size(height), padded_size(width) + 1, channels}; }
  std::size_t padded_numbers() const { return padded().pixels() * channels; }
  std::size_t filter_numbers() const { return window.kernel * window.kernel * channels; }
  std::size_t output_numbers() const { return height * width * channels; }

 private:
  std::size_t padded_size(std::size_t outputs) const {
    return (outputs - 1) * window.stride + (window.kernel - 1) * window.dilation + 1 + 2 * window.margin;
  }
};

/// Calls body(output, padded, filter), the indices of what is multiplied.
template <class Body>
void for_each_product(const Case& of, const Body& body) {
  const kernels::Window& window = of.window;
  for (std::size_t y = 0; y < of.height; ++y)
    for (std::size_t x = 0; x < of.width; ++x)
      for (std::size_t i = 0; i < window.kernel; ++i)
        for (std::size_t j = 0; j < window.kernel; ++j) {
          const std::size_t row = y * window.stride + i * window.dilation + window.margin;
          const std::size_t column = x * window.stride + j * window.dilation + window.margin;
          for (std::size_t c = 0; c < of.channels; ++c)
            body((y * of.width + x) * of.channels + c, (row * of.padded().width + column) * of.channels + c,
                 (i * window.kernel + j) * of.channels + c);
        }
}

template <class T>
void check_output(const Case& of) {
  const std::vector<T> padded = random_numbers<T>(of.padded_numbers(), 1);
  const std::vector<T> filters = random_numbers<T>(of.filter_numbers(), 2);
  std::vector<T> expected(of.output_numbers());
  for_each_product(of, [&](std::size_t output, std::size_t input, std::size_t filter) {
    expected[output] += filters[filter] * padded[input];
  });
  std::vector<T> output(of.output_numbers(), T(7));
  kernels::depthwise(padded.data(), of.padded(), of.window, filters.data(), of.height, of.width,
                     output.data());
  expect_near(output, expected);
}

template <class T>
void check_backward_input(const Case& of) {
  const std::vector<T> gradient = random_numbers<T>(of.output_numbers(), 1);
  const std::vector<T> filters = random_numbers<T>(of.filter_numbers(), 2);
  std::vector<T> padded_gradient = random_numbers<T>(of.padded_numbers(), 3);
  std::vector<T> expected = padded_gradient;
  for_each_product(of, [&](std::size_t output, std::size_t input, std::size_t filter) {
    expected[input] += filters[filter] * gradient[output];
  });
  kernels::depthwise_backward_input(gradient.data(), of.padded(), of.window, filters.data(), of.height,
                                    of.width, padded_gradient.data());
  expect_near(padded_gradient, expected);
}

template <class T>
void check_backward_filters(const Case& of) {
  const std::vector<T> padded = random_numbers<T>(of.padded_numbers(), 1);
  const std::vector<T> gradient = random_numbers<T>(of.output_numbers(), 2);
  std::vector<T> filters_gradient = random_numbers<T>(of.filter_numbers(), 3);
  std::vector<T> expected = filters_gradient;
  for_each_product(of, [&](std::size_t output, std::size_t input, std::size_t filter) {
    expected[filter] += padded[input] * gradient[output];
  });
  kernels::depthwise_backward_filters(padded.data(), of.padded(), of.window, gradient.data(), of.height,
                                      of.width, filters_gradient.data());
  expect_near(filters_gradient, expected);
}

/// Every window, small and larger images with few and many channels.
template <class Check>
void for_each_case(const Check& check) {
  for (const std::size_t kernel : {1, 2, 3, 5, 7})
    for (const std::size_t stride : {1, 2, 3})
      for (const std::size_t dilation : {1, 2})
        for (const std::size_t margin : {0, 2}) {
          const kernels::Window window{kernel, stride, dilation, margin};
          for (const std::size_t channels : kChannels) check(Case{window, 2, 11, channels});
          for (const std::size_t width : {1, 2, 3, 8, 16, 33}) check(Case{window, 3, width, 16});
          for (const std::size_t height : {1, 5, 33}) check(Case{window, height, 9, 16});
        }
}

TEST_P(Depthwise, OutputIsTheSumOverTaps) {
  for_each_case([](const Case& of) {
    check_output<float>(of);
    check_output<double>(of);
  });
}

TEST_P(Depthwise, BackwardAddsTheInputsGradient) {
  for_each_case([](const Case& of) {
    check_backward_input<float>(of);
    check_backward_input<double>(of);
  });
}

TEST_P(Depthwise, BackwardAddsTheFiltersGradient) {
  for_each_case([](const Case& of) {
    check_backward_filters<float>(of);
    check_backward_filters<double>(of);
  });
}

ESPALIER_EVERY_TARGET(Depthwise);

}  // namespace
}  // namespace espalier::testing
