#include <espalier/host/host.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace {

using espalier::Split;

class MyDatasetTest : public testing::Test {
 protected:
  espalier::host::Host host_;
  std::unique_ptr<espalier::Dataset> data_ = host_.dataset("my_dataset", "{size: 100}");
};

TEST_F(MyDatasetTest, HasWhatItSays) {
  for (const Split split : {Split::train, Split::test}) {
    const auto images = data_->images(split);
    EXPECT_EQ(images->size(), 100U);
    EXPECT_EQ(images->shape, data_->shape());
    EXPECT_EQ(images->pixels.size(), 100U * 16 * 16);
    EXPECT_EQ(std::count(images->labels.begin(), images->labels.end(), 1), 50);
  }
}

TEST_F(MyDatasetTest, IsTheSameWheneverItIsLoaded) {
  EXPECT_EQ(data_->load(Split::train).pixels,
            host_.dataset("my_dataset", "{size: 100}")->load(Split::train).pixels);
}

TEST_F(MyDatasetTest, TestsWithOtherImagesThanItTrainsWith) {
  EXPECT_NE(data_->load(Split::train).pixels, data_->load(Split::test).pixels);
}

}  // namespace
