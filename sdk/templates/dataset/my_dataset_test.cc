#include <espalier/contract/dataset.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

#include <algorithm>

// The rules for every dataset: images have its shape, and are the same again and from several threads, those
// to test with are others, and more.
ESPALIER_DATASET_CONTRACT(my_dataset, {.options = "{size: 20}"});

namespace {

TEST(MyDatasetTest, HasAsManyImagesOfEachClass) {
  const auto data = espalier::host::Host().dataset("my_dataset", "{size: 100}");
  const auto images = data->images(espalier::Split::train);
  EXPECT_EQ(images->size(), 100U);
  EXPECT_EQ(std::count(images->labels.begin(), images->labels.end(), 1), 50);
}

}  // namespace
