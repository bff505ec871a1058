#include "espalier/network/training/augmentation.h"

#include <gmock/gmock.h>

#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "usage_error.h"

namespace espalier {
namespace {

constexpr Shape kShape{.channels = 2, .height = 5, .width = 4};
constexpr int kPixels = 20;  // a channel
const Normalization kIdentity{.mean = {0.0F, 0.0F}, .standard_deviation = {1.0F, 1.0F}};

/// No two bytes alike and none 0: an output tells what happened to it.
std::vector<std::uint8_t> image() {
  std::vector<std::uint8_t> bytes(2 * kPixels);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{100});
  return bytes;
}

std::vector<float> write(const Augmentation& augmentation, std::uint64_t epoch = 0,
                         const Normalization& normalization = kIdentity, bool channels_last = false) {
  std::vector<float> output(2 * kPixels, -1.0F);
  ImageWriter(kShape, normalization, augmentation, channels_last)
      .write(image(), augmentation_rng(1, epoch, 0), output.data());
  return output;
}

struct Crop {
  int down = 0;
  int right = 0;
  bool flipped = false;
  auto operator<=>(const Crop&) const = default;
};

/// Pixel by pixel: crop, then flip, then normalize.
std::vector<float> expected(const Crop& crop, const Normalization& normalization) {
  const std::vector<std::uint8_t> bytes = image();
  std::vector<float> output;
  for (int c = 0; c < kShape.channels; ++c) {
    for (int y = 0; y < kShape.height; ++y) {
      for (int x = 0; x < kShape.width; ++x) {
        const int from_y = y + crop.down;
        const int from_x = (crop.flipped ? kShape.width - 1 - x : x) + crop.right;
        const bool inside = from_y >= 0 && from_y < kShape.height && from_x >= 0 && from_x < kShape.width;
        const auto at = static_cast<std::size_t>(c * kPixels + from_y * kShape.width + from_x);
        const auto channel = static_cast<std::size_t>(c);
        output.push_back(
            ((inside ? static_cast<float>(bytes[at]) : 0.0F) / 255.0F - normalization.mean[channel]) /
            normalization.standard_deviation[channel]);
      }
    }
  }
  return output;
}

std::optional<Crop> crop_of(const std::vector<float>& output, int padding,
                            const Normalization& normalization) {
  for (int down = -padding; down <= padding; ++down)
    for (int right = -padding; right <= padding; ++right)
      for (const bool flipped : {false, true})
        if (const Crop crop{down, right, flipped}; expected(crop, normalization) == output) return crop;
  return std::nullopt;
}

TEST(ImageWriter, NormalisesWithoutAugmentation) {
  const Normalization normalization{.mean = {0.5F, 0.25F}, .standard_deviation = {0.25F, 2.0F}};
  const std::vector<float> output = write(Augmentation::none(), 0, normalization);
  EXPECT_EQ(output, expected({}, normalization));
  EXPECT_FLOAT_EQ(output[0], (100.0F / 255.0F - 0.5F) / 0.25F);
  EXPECT_FLOAT_EQ(output[kPixels], (120.0F / 255.0F - 0.25F) / 2.0F);
}

TEST(ImageWriter, EveryCropOccursWithAndWithoutFlipAndPaddingIsNormalised) {
  const Normalization normalization{.mean = {0.5F, 0.25F}, .standard_deviation = {0.25F, 2.0F}};
  std::map<Crop, int> seen;
  int flips = 0;
  constexpr int epochs = 3000;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    const std::vector<float> output =
        write({.crop_padding = 2}, static_cast<std::uint64_t>(epoch), normalization);
    const auto crop = crop_of(output, 2, normalization);
    ASSERT_TRUE(crop) << "epoch " << epoch << ": neither a crop nor a flipped one";
    ++seen[*crop];
    flips += crop->flipped ? 1 : 0;
  }
  EXPECT_EQ(seen.size(), 50U);
  for (const auto& [crop, count] : seen)
    EXPECT_NEAR(count, epochs / 50, 40) << crop.down << ' ' << crop.right;
  EXPECT_NEAR(flips, epochs / 2, 140);
}

TEST(ImageWriter, PaddingWiderThanTheImageLeavesBlack) {
  for (std::uint64_t epoch = 0; epoch < 50; ++epoch)
    EXPECT_TRUE(crop_of(write({.crop_padding = 9}, epoch), 9, kIdentity)) << "epoch " << epoch;
}

TEST(ImageWriter, DoesNotFlipUnlessAsked) {
  for (std::uint64_t epoch = 0; epoch < 50; ++epoch)
    EXPECT_EQ(write({.crop_padding = 0, .flip = false}, epoch), expected({}, kIdentity));
}

/// The square that is zero, as begin and end of rows and columns; fails when it is none, or not in each
/// channel.
std::tuple<int, int, int, int> cut_of(const std::vector<float>& output) {
  std::set<int> rows;
  std::set<int> columns;
  int zeros = 0;
  const std::vector<float> whole = expected({}, kIdentity);
  for (int i = 0; i < 2 * kPixels; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (output[at] != 0.0F) {
      EXPECT_EQ(output[at], whole[at]);
      continue;
    }
    ++zeros;
    rows.insert(i % kPixels / kShape.width);
    columns.insert(i % kShape.width);
  }
  EXPECT_EQ(zeros, 2 * static_cast<int>(rows.size() * columns.size()));
  return {*rows.begin(), *rows.rbegin() + 1, *columns.begin(), *columns.rbegin() + 1};
}

TEST(ImageWriter, CutsOutAClippedSquareAroundEveryCentre) {
  for (const int side : {1, 2, 3}) {
    std::set<std::tuple<int, int, int, int>> centered;
    for (int y = 0; y < kShape.height; ++y)
      for (int x = 0; x < kShape.width; ++x)
        centered.emplace(std::max(y - side / 2, 0), std::min(y - side / 2 + side, kShape.height),
                         std::max(x - side / 2, 0), std::min(x - side / 2 + side, kShape.width));
    std::set<std::tuple<int, int, int, int>> seen;
    for (std::uint64_t epoch = 0; epoch < 500; ++epoch)
      seen.insert(cut_of(write({.crop_padding = 0, .flip = false, .cutout = side}, epoch)));
    EXPECT_EQ(seen, centered) << "side " << side;
  }
}

TEST(ImageWriter, CutsOutZerosWhateverTheMean) {
  const Normalization normalization{.mean = {0.5F, 0.5F}, .standard_deviation = {0.1F, 0.1F}};
  EXPECT_THAT(write({.crop_padding = 4, .flip = true, .cutout = 20}, 0, normalization),
              ::testing::Each(0.0F));
}

TEST(ImageWriter, WritesTheSameChannelsLast) {
  const Augmentation augmentation{.crop_padding = 2, .flip = true, .cutout = 2};
  for (std::uint64_t epoch = 0; epoch < 50; ++epoch) {
    const std::vector<float> first = write(augmentation, epoch);
    const std::vector<float> last = write(augmentation, epoch, kIdentity, /*channels_last=*/true);
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t i = 0; i < kPixels; ++i) EXPECT_EQ(last[2 * i + c], first[kPixels * c + i]);
  }
}

TEST(AugmentationRng, DependsOnSeedEpochAndIndex) {
  const auto draw = [](auto... key) { return augmentation_rng(key...)(); };
  EXPECT_EQ(draw(1U, 2U, 3U), draw(1U, 2U, 3U));
  const std::set draws{draw(1U, 2U, 3U), draw(2U, 2U, 3U), draw(1U, 3U, 3U), draw(1U, 2U, 4U),
                       draw(1U, 3U, 2U)};
  EXPECT_EQ(draws.size(), 5U);
}

TEST(ImageWriter, RefusesWhatItCannotDo) {
  const auto refused = [](const Augmentation& augmentation) {
    return espalier::testing::usage_error_of([&] { write(augmentation); }).what;
  };
  EXPECT_THAT(refused({.crop_padding = -1}), ::testing::HasSubstr("-1"));
  EXPECT_THAT(refused({.cutout = -2}), ::testing::HasSubstr("-2"));
  EXPECT_THROW(write({}, 0, {.mean = {0.0F}, .standard_deviation = {1.0F}}), Error);
}

}  // namespace
}  // namespace espalier
