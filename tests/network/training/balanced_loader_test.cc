#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "espalier/network/training/data_loader.h"

namespace espalier::testing {
namespace {

const Normalization kPlain{.mean = {0.0F}, .standard_deviation = {1.0F}};

/// 100 images of 6×6 whose pixels are their index: 80 of class 0, 15 of class 2, 5 of class 3.
Images uneven_images() {
  Images images{.shape = {.channels = 1, .height = 6, .width = 6}, .pixels = {}, .labels = {}};
  images.pixels.reserve(3600);
  images.labels.reserve(100);
  for (int i = 0; i < 100; ++i) {
    for (int pixel = 0; pixel < 36; ++pixel) images.pixels.push_back(static_cast<std::uint8_t>(i + pixel));
    images.labels.push_back(i < 80 ? 0 : i < 95 ? 2 : 3);
  }
  return images;
}

std::vector<std::uint32_t> all_of(const Images& images) {
  std::vector<std::uint32_t> indices(images.size());
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::uint32_t>(i);
  return indices;
}

struct Epoch {
  std::vector<at::Tensor> images;
  std::vector<std::int64_t> labels;
};

Epoch epoch_of(const Images& images, LoaderOptions options, std::uint64_t epoch, std::size_t first = 0) {
  options.balanced = true;
  options.seed = 4;
  DataLoader loader(images, kPlain, all_of(images), options);
  Epoch all;
  loader.begin_epoch(epoch, first);
  for (std::size_t i = first; i < loader.batches(); ++i) {
    const Batch batch = loader.next();
    for (std::int64_t k = 0; k < batch.labels.size(0); ++k) {
      all.images.push_back(batch.images[k].clone());
      all.labels.push_back(batch.labels[k].item<std::int64_t>());
    }
  }
  return all;
}

int index_of(const at::Tensor& image) {
  return static_cast<int>(std::lround(255.0 * image[0][0][0].item<double>()));
}

TEST(BalancedLoader, GivesEachClassTheSameNumberOfPlaces) {
  const Images images = uneven_images();
  const Epoch epoch = epoch_of(images, {.batch_size = 7}, 0);
  ASSERT_EQ(epoch.labels.size(), 100U);
  std::map<std::int64_t, int> counts;
  for (const std::int64_t label : epoch.labels) ++counts[label];
  EXPECT_EQ(counts.size(), 3U);
  for (const auto& [label, count] : counts) EXPECT_TRUE(count == 33 || count == 34) << label << ": " << count;
  EXPECT_FALSE(std::ranges::is_sorted(epoch.labels));
  EXPECT_NE(epoch_of(images, {.batch_size = 7}, 1).labels, epoch.labels);

  // An image comes again only after all of its class have come.
  std::map<int, int> times;
  for (const at::Tensor& image : epoch.images) ++times[index_of(image)];
  for (const auto& [index, count] : times) {
    const int least = index < 80 ? 1 : index < 95 ? 2 : 6;
    EXPECT_TRUE(count == least || count == least + 1) << index << ": " << count;
    EXPECT_TRUE(index >= 80 || count == 1) << index;
  }
}

TEST(BalancedLoader, VariesAnImageEachTime) {
  const Images images = uneven_images();
  const LoaderOptions options{
      .batch_size = 10,
      .augmentation = {.crop_padding = 3, .flip = true, .cutout = 2, .trivial_augment = true}};
  const Epoch epoch = epoch_of(images, options, 0);
  std::set<std::vector<float>> distinct;
  int rare = 0;
  for (std::size_t i = 0; i < epoch.images.size(); ++i) {
    if (epoch.labels[i] != 3) continue;
    ++rare;
    const at::Tensor flat = epoch.images[i].contiguous();
    distinct.emplace(flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
  }
  EXPECT_GE(rare, 33);
  EXPECT_GE(distinct.size(), 28U) << "of 33 or 34 variants of 5 images";
}

TEST(BalancedLoader, DependsNeitherOnPrefetchingNorOnAResume) {
  const Images images = uneven_images();
  LoaderOptions options{
      .batch_size = 8,
      .augmentation = {.crop_padding = 2, .flip = true, .cutout = 2, .trivial_augment = true}};
  const Epoch whole = epoch_of(images, options, 2);
  options.prefetch = 7;
  const Epoch resumed = epoch_of(images, options, 2, 5);
  ASSERT_EQ(resumed.labels.size(), 60U);
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(resumed.labels[i], whole.labels[40 + i]);
    EXPECT_TRUE(at::equal(resumed.images[i], whole.images[40 + i])) << i;
  }
}

TEST(BalancedLoader, OfClassesOfOneSizeTakesEachImageOnce) {
  Images images = uneven_images();
  for (std::size_t i = 0; i < images.size(); ++i) images.labels[i] = static_cast<std::uint16_t>(i % 4);
  std::set<int> seen;
  for (const at::Tensor& image : epoch_of(images, {.batch_size = 10}, 0).images) seen.insert(index_of(image));
  EXPECT_EQ(seen.size(), 100U);
}

}  // namespace
}  // namespace espalier::testing
