#include "espalier/network/training/data_loader.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <thread>

#include "usage_error.h"

namespace espalier {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAreArray;

const Normalization kNormalization{.mean = {0.5F, 0.4F, 0.3F}, .standard_deviation = {0.2F, 0.3F, 0.4F}};
constexpr Augmentation kFull{.crop_padding = 2, .flip = true, .cutout = 3};

/// Random pixels; an image's label is its index.
Images make_images(std::size_t count) {
  Images images{.shape = {.channels = 3, .height = 8, .width = 6}, .pixels = {}, .labels = {}};
  Rng rng(7, "pixels");
  images.pixels.resize(count * static_cast<std::size_t>(images.shape.elements()));
  for (std::uint8_t& pixel : images.pixels) pixel = static_cast<std::uint8_t>(rng());
  images.labels.resize(count);
  std::iota(images.labels.begin(), images.labels.end(), std::uint16_t{0});
  return images;
}

std::vector<std::uint32_t> all(const Images& images) {
  std::vector<std::uint32_t> indices(images.size());
  std::iota(indices.begin(), indices.end(), 0U);
  return indices;
}

std::vector<Batch> epoch_of(DataLoader& loader, std::uint64_t epoch, std::size_t first = 0) {
  std::vector<Batch> batches;
  loader.begin_epoch(epoch, first);
  for (std::size_t i = first; i < loader.batches(); ++i) batches.push_back(loader.next());
  return batches;
}

std::vector<std::int64_t> labels_of(const std::vector<Batch>& batches) {
  std::vector<std::int64_t> labels;
  for (const Batch& batch : batches) {
    const auto* begin = batch.labels.data_ptr<std::int64_t>();
    labels.insert(labels.end(), begin, begin + batch.labels.numel());
  }
  return labels;
}

at::Tensor images_of(const std::vector<Batch>& batches) {
  std::vector<at::Tensor> images;
  for (const Batch& batch : batches) images.push_back(batch.images);
  return at::cat(images);
}

TEST(DataLoader, GoesThroughTheSplitInOrderUnlessShuffled) {
  const Images images = make_images(10);
  DataLoader loader(images, kNormalization, {4, 1, 9, 7, 3}, {.batch_size = 2, .shuffle = false});
  ASSERT_EQ(loader.batches(), 3U);
  const std::vector<Batch> batches = epoch_of(loader, 0);
  EXPECT_EQ(batches[0].images.sizes(), (std::vector<std::int64_t>{2, 3, 8, 6}));
  EXPECT_EQ(batches[2].images.size(0), 1);
  EXPECT_EQ(labels_of(batches), (std::vector<std::int64_t>{4, 1, 9, 7, 3}));

  const at::Tensor pixel = batches[0].images[1][2][5][4];
  const float byte = images.image(1)[2 * 48 + 5 * 6 + 4];
  EXPECT_FLOAT_EQ(pixel.item<float>(), (byte / 255.0F - 0.3F) / 0.4F);
}

TEST(DataLoader, LeavesOutALastBatchThatIsNotFull) {
  const Images images = make_images(10);
  DataLoader loader(images, kNormalization, all(images),
                    {.batch_size = 4, .shuffle = false, .drop_last = true});
  ASSERT_EQ(loader.batches(), 2U);
  EXPECT_EQ(labels_of(epoch_of(loader, 0)).size(), 8U);
}

TEST(DataLoader, ShufflesTheSplitAnewInEachEpoch) {
  const Images images = make_images(200);
  const auto split = split_indices(images.size(), 0.5, 3).train;
  DataLoader loader(images, kNormalization, split, {.batch_size = 32, .seed = 5});
  const auto first = labels_of(epoch_of(loader, 0));
  const auto second = labels_of(epoch_of(loader, 1));
  const std::vector<std::int64_t> expected(split.begin(), split.end());
  EXPECT_THAT(first, UnorderedElementsAreArray(expected));
  EXPECT_THAT(second, UnorderedElementsAreArray(expected));
  EXPECT_NE(first, second);
  EXPECT_NE(first, expected);
  EXPECT_EQ(labels_of(epoch_of(loader, 0)), first);

  DataLoader other(images, kNormalization, split, {.batch_size = 32, .seed = 6});
  EXPECT_NE(labels_of(epoch_of(other, 0)), first);
}

TEST(DataLoader, FlipsNoImageThatMayNotBeMirrored) {
  const auto images = std::make_shared<const Images>(make_images(20));
  const auto loaded = [&](bool may_be_mirrored, bool flip) {
    const ImageSet set{images, kNormalization, all(*images), may_be_mirrored};
    DataLoader loader(
        set,
        {.batch_size = 20, .shuffle = false, .augmentation = {.crop_padding = 0, .flip = flip}, .seed = 1});
    return images_of(epoch_of(loader, 0));
  };
  const at::Tensor as_they_are = loaded(true, false);
  EXPECT_FALSE(at::equal(loaded(true, true), as_they_are));
  EXPECT_TRUE(at::equal(loaded(false, true), as_they_are));
}

TEST(DataLoader, ResumesWithinAnEpochBitByBit) {
  const Images images = make_images(50);
  const LoaderOptions options{.batch_size = 8, .augmentation = kFull, .seed = 5};
  DataLoader whole(images, kNormalization, all(images), options);
  const std::vector<Batch> batches = epoch_of(whole, 3);
  for (std::size_t first = 0; first < batches.size(); ++first) {
    DataLoader resumed(images, kNormalization, all(images), options);
    const std::vector<Batch> rest = epoch_of(resumed, 3, first);
    ASSERT_EQ(rest.size(), batches.size() - first);
    for (std::size_t i = 0; i < rest.size(); ++i) {
      EXPECT_TRUE(at::equal(rest[i].images, batches[first + i].images));
      EXPECT_TRUE(at::equal(rest[i].labels, batches[first + i].labels));
    }
  }
}

TEST(DataLoader, AugmentsAnImageAlikeInAnyBatch) {
  const Images images = make_images(60);
  const auto with = [&](std::size_t batch_size, std::size_t prefetch) {
    DataLoader loader(images, kNormalization, all(images),
                      {.batch_size = batch_size, .augmentation = kFull, .seed = 1, .prefetch = prefetch});
    return images_of(epoch_of(loader, 2));
  };
  const at::Tensor expected = with(60, 1);
  for (const std::size_t batch_size : {1U, 7U, 16U})
    for (const std::size_t prefetch : {1U, 4U}) EXPECT_TRUE(at::equal(with(batch_size, prefetch), expected));
}

TEST(DataLoader, DoesNotDependOnWhoIsFaster) {
  const Images images = make_images(40);
  DataLoader loader(images, kNormalization, all(images), {.batch_size = 4, .augmentation = kFull});
  const at::Tensor expected = images_of(epoch_of(loader, 1));
  std::vector<Batch> batches;
  loader.begin_epoch(1);
  for (std::size_t i = 0; i < loader.batches(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(i % 3 * 5));
    batches.push_back(loader.next());
  }
  EXPECT_TRUE(at::equal(images_of(batches), expected));
}

TEST(DataLoader, MemoryFormatAndTypeChangeNoPixel) {
  const Images images = make_images(12);
  const auto with = [&](bool channels_last, at::ScalarType dtype) {
    DataLoader loader(
        images, kNormalization, all(images),
        {.batch_size = 12, .augmentation = kFull, .dtype = dtype, .channels_last = channels_last});
    return epoch_of(loader, 0).front().images;
  };
  const at::Tensor nchw = with(false, at::kFloat);
  const at::Tensor nhwc = with(true, at::kFloat);
  EXPECT_TRUE(nchw.is_contiguous());
  EXPECT_TRUE(nhwc.is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(at::equal(nchw, nhwc));
  for (const at::ScalarType dtype : {at::kDouble, at::kBFloat16, at::kHalf}) {
    const at::Tensor other = with(true, dtype);
    EXPECT_EQ(other.scalar_type(), dtype);
    EXPECT_TRUE(at::equal(other, nchw.to(dtype)));
  }
}

TEST(DataLoader, ThrowsInNextWhatItsThreadThrew) {
  const Images images = make_images(8);
  DataLoader loader(images, kNormalization, all(images), {.batch_size = 4, .dtype = at::kInt});
  loader.begin_epoch(0);
  EXPECT_THROW(loader.next(), c10::Error);
  EXPECT_THROW(loader.next(), c10::Error);
}

TEST(DataLoader, StopsInTheMiddleOfAnEpoch) {
  const Images images = make_images(64);
  for (int taken = 0; taken < 6; ++taken) {
    DataLoader loader(images, kNormalization, all(images), {.batch_size = 2, .augmentation = kFull});
    loader.begin_epoch(0);
    for (int i = 0; i < taken; ++i) loader.next();
    if (taken % 2 == 1) loader.begin_epoch(1);
  }
  DataLoader never_begun(images, kNormalization, all(images), {.batch_size = 2});
}

TEST(DataLoader, BatchesOutliveIt) {
  const Images images = make_images(8);
  auto loader =
      std::make_unique<DataLoader>(images, kNormalization, all(images), LoaderOptions{.batch_size = 8});
  loader->begin_epoch(0);
  const Batch batch = loader->next();
  loader.reset();
  EXPECT_EQ(batch.labels.sum().item<std::int64_t>(), 28);
}

TEST(DataLoader, RefusesWhatItCannotDo) {
  const Images images = make_images(8);
  const auto refused = [&](std::vector<std::uint32_t> indices, std::size_t batch_size) {
    return testing::usage_error_of(
        [&] { DataLoader(images, kNormalization, std::move(indices), {.batch_size = batch_size}); });
  };
  EXPECT_THAT(refused(all(images), 9).what, HasSubstr("batches of 9 from 8 images"));
  EXPECT_THAT(refused(all(images), 9).expected, HasSubstr("1 to 8"));
  EXPECT_THAT(refused(all(images), 0).what, HasSubstr("batches of 0"));
  EXPECT_THAT(refused({}, 4).what, HasSubstr("from 0 images"));
  EXPECT_THROW(DataLoader(images, kNormalization, {1, 8}, {.batch_size = 1}), Error);

  DataLoader loader(images, kNormalization, all(images), {.batch_size = 4});
  EXPECT_THROW(loader.next(), Error);
  EXPECT_THROW(loader.begin_epoch(0, 3), Error);
  epoch_of(loader, 0);
  EXPECT_THROW(loader.next(), Error);
  loader.begin_epoch(0, 2);
  EXPECT_THROW(loader.next(), Error);
}

}  // namespace
}  // namespace espalier
