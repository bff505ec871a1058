#include "kernels/padded_image.h"

#include "network/kernels/every_target.h"

namespace espalier::testing {
namespace {

class PaddedImage : public EveryTarget {};

struct Case {
  kernels::ImageShape shape;
  std::size_t padding;
  bool affine;
  bool relu;
};

/// An image, how it is read, and what the reading gives, each pixel by itself.
template <class T>
struct Example {
  explicit Example(const Case& of)
      : image(random_numbers<T>(of.shape.pixels() * of.shape.channels, 1)),
        scale(random_numbers<T>(of.shape.channels, 2)),
        offset(random_numbers<T>(of.shape.channels, 3)),
        affine(image) {
    if (of.affine) {
      for (std::size_t i = 0; i < image.size(); ++i)
        affine[i] = scale[i % of.shape.channels] * image[i] + offset[i % of.shape.channels];
      reading.scale = scale.data();
      reading.offset = offset.data();
    }
    reading.relu = of.relu;
  }

  std::vector<T> image;
  std::vector<T> scale;
  std::vector<T> offset;
  std::vector<T> affine;
  kernels::Reading<T> reading;
};

/// Where the image's number i lies in the padded image.
std::size_t padded_index(const Case& of, std::size_t i) {
  const std::size_t pixel = i / of.shape.channels;
  const std::size_t y = pixel / of.shape.width + of.padding;
  const std::size_t x = pixel % of.shape.width + of.padding;
  return (y * (of.shape.width + 2 * of.padding) + x) * of.shape.channels + i % of.shape.channels;
}

std::size_t padded_size(const Case& of) {
  return (of.shape.height + 2 * of.padding) * (of.shape.width + 2 * of.padding) * of.shape.channels;
}

template <class T>
void check_reading(const Case& of) {
  const Example<T> example(of);
  std::vector<T> expected(padded_size(of));
  for (std::size_t i = 0; i < example.image.size(); ++i) {
    const T value = example.affine[i];
    expected[padded_index(of, i)] = of.relu && value < T(0) ? T(0) : value;
  }
  std::vector<T> padded(padded_size(of), T(7));
  kernels::read_padded(example.image.data(), of.shape, example.reading, of.padding, padded.data());
  expect_near(padded, expected);
}

template <class T>
void check_backward(const Case& of) {
  const Example<T> example(of);
  const std::vector<T> padded_gradient = random_numbers<T>(padded_size(of), 4);
  std::vector<T> expected(example.image.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    expected[i] = of.relu && example.affine[i] <= T(0) ? T(0) : padded_gradient[padded_index(of, i)];
  std::vector<T> gradient(expected.size(), T(7));
  kernels::read_padded_backward(example.image.data(), of.shape, example.reading, of.padding,
                                padded_gradient.data(), gradient.data());
  expect_near(gradient, expected);
}

template <class Check>
void for_each_case(const Check& check) {
  for (const std::size_t channels : kChannels)
    for (const std::size_t height : {1, 3})
      for (const std::size_t width : {1, 2, 7})
        for (const std::size_t padding : {0, 1, 3})
          for (const bool affine : {false, true})
            for (const bool relu : {false, true}) check({{height, width, channels}, padding, affine, relu});
}

TEST_P(PaddedImage, IsWhatIsReadWithZerosAround) {
  for_each_case([](const Case& of) {
    check_reading<float>(of);
    check_reading<double>(of);
  });
}

TEST_P(PaddedImage, GradientPassesWhereTheReluDoes) {
  for_each_case([](const Case& of) {
    check_backward<float>(of);
    check_backward<double>(of);
  });
}

TEST_P(PaddedImage, ReluPassesNaNs) {
  const std::vector<float> image(35, NAN);
  std::vector<float> padded(35);
  kernels::read_padded(image.data(), {1, 1, 35}, {nullptr, nullptr, true}, 0, padded.data());
  for (const float value : padded) EXPECT_TRUE(std::isnan(value));
}

ESPALIER_EVERY_TARGET(PaddedImage);

}  // namespace
}  // namespace espalier::testing
