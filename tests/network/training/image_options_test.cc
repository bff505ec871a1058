#include "espalier/network/training/image_options.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "espalier/network/training/data_loader.h"

namespace espalier::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSubsetOf;
using ::testing::Pair;
using ::testing::SizeIs;
using Indices = std::vector<std::uint32_t>;
using Labels = std::vector<std::uint16_t>;

/// Images of one black pixel with given labels.
class Labeled final : public Dataset {
 public:
  explicit Labeled(Labels labels) : labels_(std::move(labels)) {}

 protected:
  Shape shape_impl() const override { return {1, 1, 1}; }
  std::size_t classes_impl() const override { return 10; }
  Normalization normalization_impl() const override { return {.mean = {0.5F}, .standard_deviation = {0.5F}}; }
  Images read_impl(Split) const override {
    return {.shape = shape(), .pixels = std::vector<std::uint8_t>(labels_.size()), .labels = labels_};
  }

 private:
  Labels labels_;
};

/// So many images of each class, one class after the other, as a folder of classes has them.
Labels sorted_by_class(const std::vector<std::size_t>& sizes) {
  Labels labels;
  for (std::size_t label = 0; label < sizes.size(); ++label)
    labels.insert(labels.end(), sizes[label], static_cast<std::uint16_t>(label));
  return labels;
}

std::map<int, int> counts(const Labels& labels, const Indices& indices) {
  std::map<int, int> counts;
  for (const std::uint32_t index : indices) ++counts[labels.at(index)];
  return counts;
}

Indices sample(const Labels& labels, std::size_t images, std::uint64_t seed = 0) {
  return ImageOptions{.images = images, .images_seed = seed}.load(Labeled(labels)).indices;
}

TEST(ImageOptions, AThirdOfAFolderHasAsManyImagesOfEachClass) {
  const Labels folder = sorted_by_class({60, 60, 60});
  const Indices found = sample(folder, 60);
  EXPECT_THAT(counts(folder, found), ElementsAre(Pair(0, 20), Pair(1, 20), Pair(2, 20)));
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
  EXPECT_THAT(std::set<std::uint32_t>(found.begin(), found.end()), SizeIs(60));
  EXPECT_EQ(sample(folder, 60), found);
  EXPECT_NE(sample(folder, 60, 1), found);
}

TEST(ImageOptions, ALargerSampleHoldsTheSmallerOne) {
  const Labels folder = sorted_by_class({30, 40, 50});
  EXPECT_THAT(sample(folder, 20), IsSubsetOf(sample(folder, 50)));
}

TEST(ImageOptions, WhatASmallClassLacksTheOthersGive) {
  const Labels folder = sorted_by_class({100, 3, 100});
  EXPECT_THAT(counts(folder, sample(folder, 43)), ElementsAre(Pair(0, 20), Pair(1, 3), Pair(2, 20)));
}

TEST(ImageOptions, NoClassIsMissingFromAsManyImagesAsThereAreClasses) {
  const Labels folder = sorted_by_class({500, 1, 2, 100, 7});
  for (std::size_t images = 5; images < 20; ++images)
    EXPECT_THAT(counts(folder, sample(folder, images, images)), SizeIs(5)) << images;
  EXPECT_THAT(counts(folder, sample(folder, 3)), SizeIs(3));
}

TEST(ImageOptions, AllImagesStayAsTheyStand) {
  const Labels folder = sorted_by_class({5, 1, 4});
  Indices all(10);
  std::iota(all.begin(), all.end(), 0U);
  for (const std::size_t images : {0U, 10U, 1000U}) EXPECT_EQ(sample(folder, images, 3), all) << images;
}

TEST(ImageOptions, BothPartsOfADivisionHaveEveryClass) {
  // By chance alone most seeds would leave one of the pairs out of a part.
  const Labels folder = sorted_by_class({40, 2, 2, 2, 2, 1});
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const DividedImages parts = ImageOptions{.train_fraction = 0.6}.divide(Labeled(folder), seed);
    EXPECT_EQ(parts.train.size(), 29U);
    EXPECT_EQ(parts.validation.size(), 20U);
    const auto train = counts(folder, parts.train.indices);
    const auto validation = counts(folder, parts.validation.indices);
    for (int label = 0; label < 5; ++label) {
      EXPECT_EQ(train.count(label), 1U) << seed;
      EXPECT_EQ(validation.count(label), 1U) << seed;
    }
    std::set<std::uint32_t> both(parts.train.indices.begin(), parts.train.indices.end());
    both.insert(parts.validation.indices.begin(), parts.validation.indices.end());
    EXPECT_THAT(both, SizeIs(49));
  }
}

TEST(ImageOptions, DividesASampleAndNothingElse) {
  const Labels folder = sorted_by_class({60, 60, 60});
  const ImageOptions options{.images = 30, .train_fraction = 0.5};
  const DividedImages parts = options.divide(Labeled(folder), 4);
  Indices both = parts.train.indices;
  both.insert(both.end(), parts.validation.indices.begin(), parts.validation.indices.end());
  std::sort(both.begin(), both.end());
  EXPECT_EQ(both, sample(folder, 30));
}

TEST(ImageOptions, LargeClassesAreDividedByChanceAlone) {
  const Labels folder = sorted_by_class({60, 60, 60});
  const DividedImages parts = ImageOptions{.train_fraction = 0.5}.divide(Labeled(folder), 4);
  EXPECT_EQ(parts.train.indices, split_indices(180, 0.5, 4).train);
  EXPECT_EQ(parts.validation.indices, split_indices(180, 0.5, 4).validation);
}

}  // namespace
}  // namespace espalier::testing
