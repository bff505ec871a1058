#include "espalier/network/training/trivial_augment.h"

#include <gmock/gmock.h>

#include <array>
#include <map>
#include <set>
#include <vector>

#include "espalier/network/training/augmentation.h"

namespace espalier::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using enum TrivialOperation;
using Bytes = std::vector<std::uint8_t>;

Bytes applied(const TrivialAugment& augment, const Shape& shape, Bytes image) {
  augment.apply(shape, image);
  return image;
}

constexpr Shape kGray = {.channels = 1, .height = 3, .width = 3};
const Bytes kNine = {10, 20, 30, 40, 50, 60, 70, 80, 90};

TEST(TrivialAugment, HasThePublishedStrengths) {
  const auto magnitude = [](TrivialOperation operation, int strength, bool negative = false) {
    return TrivialAugment::of(operation, strength, negative, TrivialAugment::kPublishedRotation).magnitude;
  };
  for (const TrivialOperation operation : {shear_x, shear_y, brightness, color, contrast, sharpness}) {
    EXPECT_DOUBLE_EQ(magnitude(operation, 0), 0.0);
    EXPECT_DOUBLE_EQ(magnitude(operation, 10), 0.33);
    EXPECT_DOUBLE_EQ(magnitude(operation, 30), 0.99);
    EXPECT_DOUBLE_EQ(magnitude(operation, 30, true), -0.99);
  }
  for (const TrivialOperation operation : {translate_x, translate_y}) {
    EXPECT_EQ(magnitude(operation, 30), 32.0);
    EXPECT_EQ(magnitude(operation, 10, true), -10.0) << "10.67 whole pixels";
  }
  EXPECT_EQ(magnitude(rotate, 30), 135.0);
  EXPECT_EQ(magnitude(rotate, 10, true), -45.0);
  EXPECT_EQ(TrivialAugment::of(rotate, 30, false, 30.0).magnitude, 30.0);
  // round(8 - strength / 5)
  for (const auto& [strength, bits] :
       std::map<int, int>{{0, 8}, {2, 8}, {3, 7}, {7, 7}, {8, 6}, {27, 3}, {28, 2}, {30, 2}})
    EXPECT_EQ(magnitude(posterize, strength, true), bits) << strength;
  EXPECT_EQ(magnitude(solarize, 0), 255.0);
  EXPECT_DOUBLE_EQ(magnitude(solarize, 10, true), 170.0);
  EXPECT_EQ(magnitude(solarize, 30), 0.0);
}

TEST(TrivialAugment, DrawsEachOperationStrengthAndDirectionAlike) {
  std::map<TrivialOperation, int> operations;
  std::map<double, int> shears;
  constexpr int kDraws = 14 * 3000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng(1, "draw", static_cast<std::uint64_t>(i));
    const TrivialAugment drawn = TrivialAugment::draw(rng, TrivialAugment::kPublishedRotation);
    ++operations[drawn.operation];
    if (drawn.operation == shear_x) ++shears[drawn.magnitude];
  }
  EXPECT_EQ(operations.size(), 14U);
  for (const auto& [operation, count] : operations)
    EXPECT_NEAR(count, 3000, 300) << static_cast<int>(operation);
  EXPECT_EQ(shears.size(), 61U) << "30 strengths in two directions, and none";
  for (const auto& [shear, count] : shears) EXPECT_NEAR(count, shear == 0.0 ? 97 : 48, 45) << shear;
}

TEST(TrivialAugment, MovesPixels) {
  EXPECT_EQ(applied({identity, 0.0}, kGray, kNine), kNine);
  EXPECT_THAT(applied({translate_x, 1.0}, kGray, kNine), ElementsAre(20, 30, 0, 50, 60, 0, 80, 90, 0));
  EXPECT_THAT(applied({translate_x, -1.0}, kGray, kNine), ElementsAre(0, 10, 20, 0, 40, 50, 0, 70, 80));
  EXPECT_THAT(applied({translate_y, 1.0}, kGray, kNine), ElementsAre(40, 50, 60, 70, 80, 90, 0, 0, 0));
  EXPECT_THAT(applied({translate_y, -32.0}, kGray, kNine), Each(0));
  // A row takes its pixels from 0.6 (row + 0.5) further to the right: 0.3, 0.9 and 1.5 pixels.
  EXPECT_THAT(applied({shear_x, 0.6}, kGray, kNine), ElementsAre(10, 20, 30, 50, 60, 0, 90, 0, 0));
  EXPECT_THAT(applied({shear_y, 0.6}, kGray, kNine), ElementsAre(10, 50, 90, 40, 80, 0, 70, 0, 0));
}

TEST(TrivialAugment, TurnsCounterclockwise) {
  EXPECT_THAT(applied({rotate, 90.0}, kGray, kNine), ElementsAre(30, 60, 90, 20, 50, 80, 10, 40, 70));
  EXPECT_THAT(applied({rotate, -90.0}, kGray, kNine), ElementsAre(70, 40, 10, 80, 50, 20, 90, 60, 30));
  EXPECT_EQ(applied({rotate, 0.0}, kGray, kNine), kNine);
  const Shape wide = {.channels = 2, .height = 2, .width = 4};
  const Bytes image = {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18};
  EXPECT_THAT(applied({rotate, 90.0}, wide, image),
              ElementsAre(0, 3, 7, 0, 0, 2, 6, 0, 0, 13, 17, 0, 0, 12, 16, 0));
  EXPECT_THAT(applied({rotate, 45.0}, kGray, kNine)[4], 50) << "the middle stays";
}

TEST(TrivialAugment, ChangesBrightnessContrastAndColor) {
  EXPECT_THAT(applied({brightness, 0.5}, {1, 1, 3}, {10, 101, 250}), ElementsAre(15, 151, 255));
  EXPECT_THAT(applied({brightness, -0.5}, {1, 1, 3}, {10, 101, 250}), ElementsAre(5, 50, 125));
  // The mean is 120.33.
  EXPECT_THAT(applied({contrast, 0.5}, {1, 1, 3}, {10, 101, 250}), ElementsAre(0, 91, 255));
  EXPECT_THAT(applied({contrast, -0.99}, {1, 1, 3}, {10, 101, 250}), ElementsAre(118, 119, 121));
  // One pixel of 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124.2, and a gray one.
  const Bytes colors = {200, 80, 100, 80, 50, 80};
  EXPECT_THAT(applied({color, -0.5}, {3, 1, 2}, colors), ElementsAre(162, 80, 112, 80, 87, 80));
  EXPECT_THAT(applied({color, 0.5}, {3, 1, 2}, colors), ElementsAre(238, 80, 88, 80, 13, 80));
  EXPECT_EQ(applied({color, 0.5}, kGray, kNine), kNine) << "one channel has no color";
  // The mean of the gray values 124 and 80 is 102.
  EXPECT_THAT(applied({contrast, -0.5}, {3, 1, 2}, colors), ElementsAre(151, 91, 101, 91, 76, 91));
}

TEST(TrivialAugment, ChangesSharpnessWithinTheBorder) {
  const Bytes image = {0, 0, 0, 0, 130, 0, 0, 0, 0};
  EXPECT_THAT(applied({sharpness, -0.5}, kGray, image), ElementsAre(0, 0, 0, 0, 90, 0, 0, 0, 0))
      << "halfway to 130 · 5 / 13";
  EXPECT_THAT(applied({sharpness, 0.5}, kGray, image), ElementsAre(0, 0, 0, 0, 170, 0, 0, 0, 0));
  EXPECT_THAT(applied({sharpness, 0.5}, {1, 1, 3}, {10, 101, 250}), ElementsAre(10, 101, 250));
}

TEST(TrivialAugment, ChangesSingleValues) {
  EXPECT_THAT(applied({posterize, 2.0}, {1, 1, 4}, {63, 64, 200, 255}), ElementsAre(0, 64, 192, 192));
  EXPECT_THAT(applied({posterize, 8.0}, {1, 1, 4}, {63, 64, 200, 255}), ElementsAre(63, 64, 200, 255));
  EXPECT_THAT(applied({solarize, 170.0}, {1, 1, 3}, {169, 170, 255}), ElementsAre(169, 85, 0));
  EXPECT_THAT(applied({solarize, 0.0}, {1, 1, 3}, {0, 170, 255}), ElementsAre(255, 85, 0));
  // Each channel by itself; one without contrast stays as it is.
  EXPECT_THAT(applied({auto_contrast, 0.0}, {2, 1, 3}, {50, 100, 150, 7, 7, 7}),
              ElementsAre(0, 127, 255, 7, 7, 7));
}

TEST(TrivialAugment, EqualizesAsThePythonImagingLibrary) {
  // 600 pixels of 10, 20 and 30; the step is (600 - 200) / 255 = 1, so the values are cut off at 255.
  Bytes image;
  for (const std::uint8_t value : {10, 20, 30}) image.insert(image.end(), 200, value);
  Bytes expected(200, 0);
  expected.insert(expected.end(), 200, 200);
  expected.insert(expected.end(), 200, 255);
  EXPECT_EQ(applied({equalize, 0.0}, {1, 1, 600}, image), expected);
  EXPECT_EQ(applied({equalize, 0.0}, kGray, kNine), kNine) << "too few pixels for a step";
  EXPECT_EQ(applied({equalize, 0.0}, {1, 20, 50}, Bytes(1000, 9)), Bytes(1000, 9));
}

TEST(TrivialAugment, TakesAnyShape) {
  for (const Shape& shape : {Shape{1, 1, 1}, Shape{3, 7, 5}, Shape{1, 2, 9}, Shape{4, 3, 3}}) {
    Bytes image(static_cast<std::size_t>(shape.elements()));
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = static_cast<std::uint8_t>(i * 37);
    for (int operation = 0; operation < TrivialAugment::kOperations; ++operation)
      for (const int strength : {0, 1, 15, 30})
        for (const bool negative : {false, true})
          EXPECT_EQ(
              applied(TrivialAugment::of(static_cast<TrivialOperation>(operation), strength, negative, 135.0),
                      shape, image)
                  .size(),
              image.size());
  }
}

TEST(TrivialAugment, ComesBeforeTheNormalizationOfAnImage) {
  const Shape shape = {.channels = 1, .height = 3, .width = 3};
  const Normalization normalization{.mean = {0.5F}, .standard_deviation = {0.25F}};
  Augmentation augmentation = Augmentation::none();
  augmentation.trivial_augment = true;
  const ImageWriter writer(shape, normalization, augmentation, /*channels_last=*/true);
  std::set<Bytes> seen;
  for (std::size_t index = 0; index < 100; ++index) {
    Rng rng = augmentation_rng(1, 0, index);
    const Bytes changed = applied(TrivialAugment::draw(rng, augmentation.largest_rotation), shape, kNine);
    std::array<float, 9> written{};
    writer.write(kNine, augmentation_rng(1, 0, index), written.data());
    std::vector<float> expected;
    expected.reserve(changed.size());
    for (const std::uint8_t byte : changed)
      expected.push_back((static_cast<float>(byte) / 255.0F - 0.5F) / 0.25F);
    EXPECT_THAT(written, ElementsAreArray(expected)) << index;
    seen.insert(changed);
  }
  EXPECT_GT(seen.size(), 20U);
}

TEST(TrivialAugment, TurnsImagesThatMayNotBeMirroredALittleOnly) {
  const Augmentation careful = Augmentation{.trivial_augment = true}.without_mirroring();
  EXPECT_FALSE(careful.flip);
  EXPECT_TRUE(careful.trivial_augment);
  EXPECT_EQ(careful.largest_rotation, 30.0);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Rng rng(2, "draw", i);
    const TrivialAugment drawn = TrivialAugment::draw(rng, careful.largest_rotation);
    EXPECT_TRUE(drawn.operation != rotate || std::abs(drawn.magnitude) <= 30.0);
  }
}

}  // namespace
}  // namespace espalier::testing
