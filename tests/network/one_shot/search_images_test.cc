#include "espalier/network/one_shot/search_images.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

using ::testing::HasSubstr;

/// 32 images for the weights and 18 for the rest.
DividedImages divided() {
  static const std::unique_ptr<Dataset> data =
      host::Host().dataset("synthetic", "{image_size: 8, classes: 4, train_size: 50, test_size: 4}");
  return ImageOptions{.train_fraction = 0.64}.divide(*data, 1);
}

SearchImages images_of(const Augmentation& augmentation, std::uint64_t seed = 1) {
  return {divided(), {.batch_size = 8, .augmentation = augmentation, .seed = seed}};
}

/// An image as something that can be looked up.
using Pixels = std::vector<float>;

std::multiset<Pixels> images_in(const Batch& batch) {
  const at::Tensor rows = batch.images.contiguous().flatten(1);
  std::multiset<Pixels> images;
  for (std::int64_t i = 0; i < rows.size(0); ++i)
    images.emplace(rows[i].data_ptr<float>(), rows[i].data_ptr<float>() + rows.size(1));
  return images;
}

/// All images of consecutive batches.
std::multiset<Pixels> collect(const std::function<Batch(std::uint64_t)>& batch_of, std::uint64_t from,
                              std::uint64_t to) {
  std::multiset<Pixels> all;
  for (std::uint64_t i = from; i < to; ++i) all.merge(images_in(batch_of(i)));
  return all;
}

/// The images of a part as a loader without shuffling and augmentation gives them.
std::multiset<Pixels> all_of(const ImageSet& part) {
  DataLoader loader(*part.images, part.normalization, part.indices,
                    {.batch_size = part.size(), .shuffle = false});
  loader.begin_epoch(0);
  return images_in(loader.next());
}

void expect_equal(const Batch& batch, const Batch& expected, std::uint64_t index) {
  EXPECT_TRUE(at::equal(batch.images, expected.images)) << "batch " << index;
  EXPECT_TRUE(at::equal(batch.labels, expected.labels)) << "batch " << index;
}

TEST(SearchImagesTest, ABatchDependsOnItsIndexAlone) {
  SearchImages in_order = images_of({.crop_padding = 1});
  std::vector<Batch> train;
  std::vector<Batch> validation;
  for (std::uint64_t i = 0; i < 10; ++i) train.push_back(in_order.train(i));
  for (std::uint64_t i = 0; i < 3; ++i) validation.push_back(in_order.validation(i));
  SearchImages jumping = images_of({.crop_padding = 1});
  for (const std::uint64_t i : {7, 2, 3, 9, 0, 0, 4, 3, 8}) {
    expect_equal(jumping.train(i), train[i], i);
    expect_equal(jumping.validation(i % 3), validation[i % 3], i % 3);
  }
  SearchImages other = images_of({.crop_padding = 1}, 2);
  EXPECT_FALSE(at::equal(other.train(0).images, train[0].images)) << "and on the seed";
  EXPECT_FALSE(at::equal(other.validation(0).images, validation[0].images));
}

TEST(SearchImagesTest, TrainingImagesComeAgainInAnotherOrder) {
  SearchImages images = images_of(Augmentation::none());
  const auto train = [&](std::uint64_t index) { return images.train(index); };
  const std::multiset<Pixels> expected = all_of(divided().train);
  ASSERT_EQ(expected.size(), 32U);
  EXPECT_EQ(collect(train, 0, 4), expected);
  EXPECT_EQ(collect(train, 4, 8), expected);
  EXPECT_NE(images_in(train(0)), images_in(train(4)));
  for (std::uint64_t i = 0; i < 8; ++i) EXPECT_EQ(train(i).labels.size(0), 8);
}

TEST(SearchImagesTest, TrainingBatchesAreFull) {
  // The two parts trade places: 18 images make two full batches.
  const DividedImages parts = divided();
  SearchImages images({.train = parts.validation, .validation = parts.train}, {.batch_size = 8});
  std::multiset<Pixels> seen;
  for (std::uint64_t i = 0; i < 2; ++i) {
    EXPECT_EQ(images.train(i).labels.size(0), 8);
    seen.merge(images_in(images.train(i)));
  }
  EXPECT_EQ(std::set<Pixels>(seen.begin(), seen.end()).size(), 16U) << "the third batch begins again";
  EXPECT_EQ(images.train(2).labels.size(0), 8);
}

TEST(SearchImagesTest, OnlyTrainingImagesAreAugmented) {
  SearchImages plain = images_of(Augmentation::none());
  SearchImages augmented = images_of({.crop_padding = 2, .flip = true, .cutout = 2});
  const std::multiset<Pixels> originals = all_of(divided().train);
  std::size_t changed = 0;
  for (const Pixels& image : collect([&](std::uint64_t i) { return augmented.train(i); }, 0, 4))
    if (!originals.contains(image)) ++changed;
  EXPECT_GT(changed, 28U) << "a square is cut out of each";
  for (std::uint64_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(at::equal(augmented.train(i).labels, plain.train(i).labels)) << "in the same order";
    if (i < 3) expect_equal(augmented.validation(i), plain.validation(i), i);
  }
}

TEST(SearchImagesTest, ValidationImagesAlwaysComeInTheSameOrder) {
  SearchImages images = images_of({.crop_padding = 2});
  ASSERT_EQ(images.validation_batches(), 3U);
  const auto validation = [&](std::uint64_t index) { return images.validation(index); };
  EXPECT_EQ(validation(0).labels.size(0), 8);
  EXPECT_EQ(validation(1).labels.size(0), 8);
  EXPECT_EQ(validation(2).labels.size(0), 2) << "what is left of 18";
  EXPECT_EQ(collect(validation, 0, 3), all_of(divided().validation));
  std::vector<Batch> first;
  for (std::uint64_t i = 0; i < 3; ++i) first.push_back(validation(i));
  for (std::uint64_t i = 0; i < 3; ++i) expect_equal(validation(i), first[i], i);
}

TEST(SearchImagesTest, RefusesAPartThatIsSmallerThanABatch) {
  const auto refuse = [](const DividedImages& parts) {
    try {
      SearchImages(parts, {.batch_size = 24});
      ADD_FAILURE() << "it was not refused";
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("24"));
      EXPECT_THAT(error.what(), HasSubstr("18"));
    }
  };
  const DividedImages parts = divided();
  refuse(parts);
  refuse({.train = parts.validation, .validation = parts.train});
}

}  // namespace
}  // namespace espalier::testing
