#include <espalier/contract/optimizer.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

// The rules for every optimizer: its asks are valid, a seed gives one result, a search continues from what
// was saved, and more.
ESPALIER_OPTIMIZER_CONTRACT(my_optimizer);

namespace {

TEST(MyOptimizerTest, FindsWhatRandomSearchSeldomFinds) {
  espalier::host::Host host;
  const auto space = host.search_space("nasbench201");
  const auto benchmark = host.benchmark("nasbench201", *space);
  const auto optimizer = host.optimizer("my_optimizer");
  const espalier::ObjectiveFunction objective(*benchmark);
  optimizer->adapt(objective.problem(0));
  const auto trainer = host.trainer("discrete", "{trials: 300}");
  EXPECT_GT(trainer->search(*optimizer, {.objective = &objective}).values.front(), 91.4);
}

}  // namespace
