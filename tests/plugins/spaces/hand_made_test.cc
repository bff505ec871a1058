#include "espalier/space/has_hand_made.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "espalier/host/host.h"
#include "espalier/search/benchmark.h"

namespace espalier {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

/// What the published tables say of the networks made by hand.
class HandMadeTest : public ::testing::Test {
 protected:
  double looked_up(const std::string& space_name, const std::string& made_name, const std::string& metric) {
    const auto space = host_.search_space(space_name);
    for (const HandMade& made : hand_made(*space)) {
      if (made.name != made_name) continue;
      const auto benchmark = host_.benchmark(space_name, *space);
      const std::vector<Metric> metrics = benchmark->metrics();
      const auto found = std::ranges::find(metrics, metric, &Metric::name);
      return benchmark->value(space->parse(made.architecture),
                              {.metric = static_cast<std::size_t>(found - metrics.begin())});
    }
    ADD_FAILURE() << space_name << " has no " << made_name;
    return 0.0;
  }

  host::Host host_;
};

TEST_F(HandMadeTest, EveryBundledSpaceHasOne) {
  for (const char* name : {"nasbench201", "nasbench101", "darts", "hierarchical", "nasbench_macro",
                           "transnas101_micro", "transnas101_macro"}) {
    const auto space = host_.search_space(name);
    const std::vector<HandMade> all = hand_made(*space);
    EXPECT_THAT(all, Not(IsEmpty())) << name;
    EXPECT_FALSE(width_option(*space).empty()) << name;
    for (const HandMade& made : all) {
      EXPECT_GT(space->parameters(space->parse(made.architecture)), 0) << name << ' ' << made.name;
      EXPECT_FALSE(made.source.empty());
    }
  }
}

TEST_F(HandMadeTest, TablesKnowThem) {
  EXPECT_NEAR(looked_up("nasbench201", "resnet", "test_accuracy"), 94.045, 1e-3);
  EXPECT_NEAR(looked_up("nasbench101", "resnet", "test_accuracy"), 93.1824, 1e-3);
  EXPECT_NEAR(looked_up("nasbench101", "inception", "test_accuracy"), 93.0856, 1e-3);
}

}  // namespace
}  // namespace espalier
