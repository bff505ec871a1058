#include "espalier/data/dataset.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "espalier/errors/errors.h"
#include "espalier/search/interrupted.h"

namespace espalier::testing {
namespace {

/// One image a split; says how often it was read.
class Counted : public Dataset {
 public:
  Shape shape_impl() const override { return {1, 1, 1}; }
  std::size_t classes_impl() const override { return 2; }
  Normalization normalization_impl() const override { return {.mean = {0.5F}, .standard_deviation = {0.5F}}; }

  bool missing = false;
  mutable std::atomic<int> reads = 0;

 protected:
  Images read_impl(Split split) const override {
    ++reads;
    if (missing) throw Error({.what = "no such file"});
    return {.shape = shape(),
            .pixels = {split == Split::train ? std::uint8_t{1} : std::uint8_t{2}},
            .labels = {0}};
  }
};

TEST(Dataset, ReadsTheImagesOfASplitOnceForAllThatAsk) {
  const Counted dataset;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] { EXPECT_EQ(dataset.images(Split::train)->pixels.front(), 1); });
  }
  EXPECT_EQ(dataset.images(Split::train), dataset.images(Split::train));
  EXPECT_EQ(dataset.reads, 1);
  EXPECT_EQ(dataset.images(Split::test)->pixels.front(), 2);
  EXPECT_EQ(dataset.reads, 2);
}

TEST(Dataset, ReadsAgainWhatCouldNotBeRead) {
  Counted dataset;
  dataset.missing = true;
  EXPECT_THROW(dataset.images(Split::train), Error);
  dataset.missing = false;
  EXPECT_EQ(dataset.images(Split::train)->size(), 1U);
}

}  // namespace
TEST(Dataset, ShowsAHostWhatItReads) {
  Counted dataset;
  std::vector<Split> seen;
  dataset.on_read([&](Split split, const Images& images) {
    seen.push_back(split);
    if (images.pixels.front() == 2) throw Error({.what = "other images"});
  });
  dataset.images(Split::train);
  dataset.images(Split::train);
  EXPECT_EQ(seen, std::vector{Split::train});
  EXPECT_THROW(dataset.images(Split::test), Error);
  dataset.on_read({});
  EXPECT_NO_THROW(dataset.images(Split::test));
}

TEST(Dataset, StopsReadingWhenItIsAsked) {
  struct Endless : Counted {
    Images read_impl(Split split) const override {
      constexpr int enough = 10;
      while (reads < enough) {
        ++reads;
        check_stop();
      }
      return Counted::read_impl(split);
    }
  };
  Endless dataset;
  dataset.stop_reading_when([&] { return dataset.reads == 3; });
  EXPECT_THROW(dataset.images(Split::train), Interrupted);
  EXPECT_EQ(dataset.reads, 3);
  dataset.stop_reading_when({});
  EXPECT_NO_THROW(dataset.images(Split::train));
}

TEST(Dataset, HasANameForEachClassOrNone) {
  struct Named : Counted {
    std::vector<std::string> class_names_impl() const override { return names; }
    std::vector<std::string> names;
  };
  Named dataset;
  EXPECT_TRUE(dataset.class_names().empty());
  dataset.names = {"cat", "dog"};
  EXPECT_EQ(dataset.class_names(), dataset.names);
  dataset.names.pop_back();
  EXPECT_THROW(dataset.class_names(), Error);
}

}  // namespace espalier::testing
