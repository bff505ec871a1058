#include <ATen/ATen.h>
#include <espalier/host/host.h>
#include <espalier/network/one_shot_optimizer.h>
#include <gtest/gtest.h>

namespace {

class MyOneShotOptimizerTest : public testing::Test {
 protected:
  /// Adapted to a space whose supernet trains in a second.
  std::unique_ptr<espalier::Optimizer> make() {
    auto optimizer = host_.optimizer("my_one_shot_optimizer");
    optimizer->adapt(*space_, 0);
    return optimizer;
  }
  espalier::Architecture search() {
    const auto optimizer = make();
    const auto trainer = host_.trainer("one_shot", "{epochs: 2, batch_size: 16, threads: 1}");
    return trainer->search(*optimizer, {.dataset = data_.get()}).architecture;
  }

  espalier::host::Host host_;
  std::unique_ptr<espalier::SearchSpace> space_ =
      host_.search_space("nasbench201", "{channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}");
  std::unique_ptr<espalier::Dataset> data_ =
      host_.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 128, test_size: 16}");
};

TEST_F(MyOneShotOptimizerTest, FindsTheSameWithTheSameSeed) {
  const espalier::Architecture found = search();
  space_->check(found);
  EXPECT_EQ(found, search());
}

TEST_F(MyOneShotOptimizerTest, LearnsTheArchitectureOfEveryChoice) {
  const auto optimizer = make();
  auto& one_shot = dynamic_cast<espalier::OneShotOptimizer&>(*optimizer);
  one_shot.begin({}, {});
  const auto before = one_shot.strengths();
  one_shot.begin_epoch(0);
  const espalier::Batch batch{.images = at::ones({8, 3, 8, 8}), .labels = at::arange(8, at::kLong) % 4};
  one_shot.step(batch, batch);
  for (std::size_t choice = 0; choice < before.size(); ++choice)
    EXPECT_NE(one_shot.strengths()[choice], before[choice]) << space_->choices()[choice].name;
}

}  // namespace
