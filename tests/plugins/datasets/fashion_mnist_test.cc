#include <algorithm>
#include <cmath>

#include "plugins/datasets/dataset_fixture.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using testing::deflated;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::pattern;

constexpr std::size_t kPixels = 784;
constexpr const char* kImages = "train-images-idx3-ubyte.gz";
constexpr const char* kLabels = "train-labels-idx1-ubyte.gz";

std::string big_endian(unsigned number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}
std::string images(unsigned count, unsigned side = 28) {
  std::string text = big_endian(0x803) + big_endian(count) + big_endian(side) + big_endian(side);
  for (unsigned i = 0; i < count; ++i) text += pattern(std::size_t{side} * side, i);
  return text;
}
std::string labels(const std::string& values) {
  return big_endian(0x801) + big_endian(static_cast<unsigned>(values.size())) + values;
}

class FashionMnistTest : public testing::DatasetTest {
 protected:
  void SetUp() override {
    DatasetTest::SetUp();
    write(kImages, deflated(images(2)));
    write(kLabels, deflated(labels("\x09\x01")));
  }
  ErrorDetails refused(const std::string& name) { return refusal("fashion_mnist", name); }
};

TEST_F(FashionMnistTest, FramesTheImagesAndRepeatsTheGrey) {
  const Images train = load("fashion_mnist");
  EXPECT_EQ(train.shape, (Shape{.channels = 3, .height = 32, .width = 32}));
  EXPECT_THAT(train.labels, ElementsAre(9, 1));
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string gray = pattern(kPixels, static_cast<unsigned>(i));
    for (std::size_t place = 0; place < 3072; ++place) {
      const std::size_t y = place / 32 % 32;
      const std::size_t x = place % 32;
      const bool inside = y >= 2 && y < 30 && x >= 2 && x < 30;
      ASSERT_EQ(train.image(i)[place], inside ? static_cast<std::uint8_t>(gray[(y - 2) * 28 + x - 2]) : 0);
    }
  }
}

TEST_F(FashionMnistTest, GivesTheImagesAsTheyAre) {
  const Images train = load("fashion_mnist", Split::train, ", image_size: 28, channels: 1");
  EXPECT_EQ(train.shape, (Shape{.channels = 1, .height = 28, .width = 28}));
  EXPECT_EQ(testing::as_string(train.image(1)), pattern(kPixels, 1));
  const Normalization normalization =
      dataset("fashion_mnist", ", image_size: 28, channels: 1")->normalization();
  EXPECT_THAT(normalization.mean, ElementsAre(0.2860F));
  EXPECT_THAT(normalization.standard_deviation, ElementsAre(0.3530F));
  EXPECT_THROW(dataset("fashion_mnist", ", image_size: 27"), UsageError);
  EXPECT_THROW(dataset("fashion_mnist", ", channels: 2"), UsageError);
}

TEST_F(FashionMnistTest, RefusesFilesThatAreCutShort) {
  const std::string sound = deflated(images(2));
  for (std::size_t size = 0; size < sound.size(); ++size) {
    write(kImages, sound.substr(0, size));
    EXPECT_FALSE(refused(kImages).what.empty()) << size;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{16}, images(2).size() - 1}) {
    write(kImages, deflated(images(2).substr(0, size)));  // a whole gzip file of too little
    EXPECT_FALSE(refused(kImages).what.empty()) << size;
  }
  write(kImages, deflated(images(2) + "x"));
  EXPECT_THAT(refused(kImages).expected, HasSubstr("2 items of 784 bytes"));
}

TEST_F(FashionMnistTest, RefusesFlippedBits) {
  const std::string sound = deflated(images(2));
  for (std::size_t position = 10; position < sound.size(); position += 7) {
    std::string flipped = sound;
    flipped[position] = static_cast<char>(flipped[position] ^ 0x08);
    write(kImages, flipped);
    EXPECT_FALSE(refused(kImages).what.empty()) << position;
  }
}

TEST_F(FashionMnistTest, RefusesForeignFiles) {
  write(kImages, "no gzip, no IDX, but some text");
  EXPECT_THAT(refused(kImages).what, HasSubstr("not of this dataset"));
  write(kImages, deflated(images(2, 32)));
  EXPECT_THAT(refused(kImages).expected, HasSubstr("28×28"));
  write(kImages, deflated(labels("\x09\x01")));
  EXPECT_THAT(refused(kImages).what, HasSubstr("not of this dataset"));
  write(kImages, deflated(images(2).replace(4, 4, big_endian(0xffffffff))));
  EXPECT_THAT(refused(kImages).what, HasSubstr("not of this dataset"));
}

TEST_F(FashionMnistTest, RefusesLabelsThatDoNotFit) {
  write(kLabels, deflated(labels("\x09")));
  EXPECT_THAT(refused(kLabels).what, HasSubstr("1 labels for 2 images"));
  write(kLabels, deflated(labels("\x09\x0a")));
  EXPECT_THAT(refused(kLabels).what, AllOf(HasSubstr("image 1"), HasSubstr("label 10")));
  std::filesystem::remove(file(kLabels));
  EXPECT_THAT(refused(kLabels).remedy, HasSubstr("dataset-fashion-mnist"));
}

TEST_F(FashionMnistTest, RefusesNoImages) {
  write(kImages, deflated(images(0)));
  write(kLabels, deflated(labels("")));
  EXPECT_THROW(load("fashion_mnist"), Error);
}

TEST_F(FashionMnistTest, ReadsTheRealFiles) {
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")) {
    GTEST_SKIP() << "the package dataset-fashion-mnist is not installed";
  }
  const auto fashion = host_.dataset("fashion_mnist");
  const Images train = fashion->read(Split::train);
  ASSERT_EQ(train.size(), 60'000U);
  EXPECT_THAT(std::vector(train.labels.begin(), train.labels.begin() + 10),
              ElementsAre(9, 0, 0, 3, 0, 2, 7, 2, 5, 5));
  for (std::uint16_t label = 0; label < 10; ++label) {
    EXPECT_EQ(std::count(train.labels.begin(), train.labels.end(), label), 6'000);
  }
  // What the network is fed has mean 0 and deviation 1.
  double sum = 0.0;
  double square = 0.0;
  for (const std::uint8_t pixel : train.pixels) {
    sum += pixel / 255.0;
    square += pixel / 255.0 * pixel / 255.0;
  }
  const double mean = sum / static_cast<double>(train.pixels.size());
  EXPECT_NEAR(mean, fashion->normalization().mean[0], 1e-4);
  EXPECT_NEAR(std::sqrt(square / static_cast<double>(train.pixels.size()) - mean * mean),
              fashion->normalization().standard_deviation[0], 1e-4);

  const Images test = fashion->read(Split::test);
  EXPECT_EQ(test.size(), 10'000U);
  EXPECT_THAT(std::vector(test.labels.begin(), test.labels.begin() + 5), ElementsAre(9, 2, 1, 1, 6));
}

}  // namespace
}  // namespace espalier
