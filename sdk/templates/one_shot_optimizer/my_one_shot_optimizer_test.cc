#include <espalier/contract/one_shot_optimizer.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

// The rules for every one-shot optimizer: it learns every choice, a seed gives one result, a search continues
// from any step, and more.
ESPALIER_ONE_SHOT_OPTIMIZER_CONTRACT(my_one_shot_optimizer);

namespace {

TEST(MyOneShotOptimizerTest, SearchesARealSpace) {
  espalier::host::Host host;
  const auto space =
      host.search_space("nasbench201", "{channels: 4, cells_per_stage: 1, image_size: 8, classes: 4}");
  const auto data = host.dataset("synthetic", "{image_size: 8, classes: 4, train_size: 128, test_size: 16}");
  const auto optimizer = host.optimizer("my_one_shot_optimizer");
  optimizer->adapt({.space = *space, .seed = 0});
  const auto trainer = host.trainer("one_shot", "{epochs: 2, batch_size: 16, threads: 1}");
  EXPECT_NO_THROW(space->check(trainer->search(*optimizer, {.dataset = data.get()}).architecture));
}

}  // namespace
