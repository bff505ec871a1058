#include <gmock/gmock.h>

#include <map>

#include "espalier/data/dataset.h"
#include "espalier/host/host.h"
#include "espalier/search/journal.h"
#include "espalier/search/trainer.h"
#include "espalier/space/search_space.h"

namespace espalier::testing {
namespace {

/// Another dataset's images, and how often they were read.
class Counted final : public Dataset {
 public:
  explicit Counted(const Dataset& images) : images_(images) {}
  Shape shape_impl() const override { return images_.shape(); }
  std::size_t classes_impl() const override { return images_.classes(); }
  Normalization normalization_impl() const override { return images_.normalization(); }
  std::map<Split, int> reads() const { return reads_; }

 protected:
  Images read_impl(Split split) const override {
    ++reads_[split];
    return images_.read(split);
  }

 private:
  const Dataset& images_;
  mutable std::map<Split, int> reads_;
};

TEST(FromScratchTrainer, ReadsTheImagesOnceToCheckThemAndForEveryTraining) {
  host::Host host;
  const auto space =
      host.search_space("nasbench201", "{channels: 2, cells_per_stage: 1, image_size: 8, classes: 4}");
  const auto images = host.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 16, test_size: 8}");
  const Counted dataset(*images);
  const std::string options = "{epochs: 1, batch_size: 8, threads: 1}";
  host.trainer("from_scratch", options)->check_evaluation(*space, dataset);
  for (const std::uint64_t seed : {0, 1}) {
    NullJournal journal;
    host.trainer("from_scratch", options)->evaluate(*space, space->at(6111), dataset, seed, journal);
  }
  EXPECT_EQ(dataset.reads(), (std::map<Split, int>{{Split::train, 1}, {Split::test, 1}}));
}

}  // namespace
}  // namespace espalier::testing
