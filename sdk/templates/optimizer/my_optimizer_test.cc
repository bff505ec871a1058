#include <espalier/discrete_optimizer.h>
#include <espalier/host/host.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace {

class MyOptimizerTest : public testing::Test {
 protected:
  espalier::SearchResult search(const std::string& trainer_options, std::uint64_t seed = 0) {
    const auto optimizer = host_.optimizer("my_optimizer");
    optimizer->adapt(*space_, seed);
    return host_.trainer("discrete", trainer_options)->search(*optimizer, {.benchmark = benchmark_.get()});
  }

  espalier::host::Host host_;
  std::unique_ptr<espalier::SearchSpace> space_ = host_.search_space("nasbench201");
  std::unique_ptr<espalier::Benchmark> benchmark_ = host_.benchmark("nasbench201", *space_);
};

TEST_F(MyOptimizerTest, FindsWhatRandomSearchSeldomFinds) {
  EXPECT_GT(search("{evaluations: 300}").validation, 91.4);
}

TEST_F(MyOptimizerTest, FindsTheSameWithTheSameSeed) {
  EXPECT_EQ(search("{evaluations: 30}", 7).architecture, search("{evaluations: 30}", 7).architecture);
}

TEST_F(MyOptimizerTest, SearchesWithSeveralAsksPending) {
  EXPECT_EQ(search("{evaluations: 30, pending: 8}").evaluations, 30U);
}

TEST_F(MyOptimizerTest, GoesOnFromWhatItSaved) {
  const auto make = [&] {
    auto optimizer = host_.optimizer("my_optimizer");
    optimizer->adapt(*space_, 0);
    return optimizer;
  };
  const auto original = make();
  const auto resumed = make();
  auto& asked = dynamic_cast<espalier::DiscreteOptimizer&>(*original);
  auto& asked_again = dynamic_cast<espalier::DiscreteOptimizer&>(*resumed);
  const auto step = [&](espalier::DiscreteOptimizer& optimizer) {
    const espalier::Architecture architecture = optimizer.ask();
    optimizer.tell(architecture, benchmark_->evaluate(architecture));
    return architecture;
  };
  for (int i = 0; i < 20; ++i) step(asked);
  resumed->load(original->save());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(step(asked), step(asked_again));
}

}  // namespace
