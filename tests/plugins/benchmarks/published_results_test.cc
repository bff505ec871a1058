#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "espalier/host/host.h"
#include "espalier/host/report/summary.h"
#include "espalier/search/report.h"

namespace espalier {
namespace {

constexpr int kSeeds = 100;
constexpr int kTrials = 1000;

class PublishedResultsTest : public testing::Test {
 protected:
  /// Test accuracies of the final architectures of all seeds.
  host::Statistics search(const std::string& optimizer_name) {
    std::vector<double> accuracies;
    const auto trainer = host_.trainer("discrete", "{trials: " + std::to_string(kTrials) + "}");
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const auto optimizer = host_.optimizer(optimizer_name);
      optimizer->adapt(objective_.problem(seed));
      const SearchResult found = trainer->search(*optimizer, {.objective = &objective_, .report = &report_});
      accuracies.push_back(found.report.value());
    }
    return host::statistics(accuracies);
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("nasbench201");
  std::unique_ptr<Benchmark> benchmark_ = host_.benchmark("nasbench201", *space_);
  ObjectiveFunction objective_{*benchmark_};
  Report report_{*benchmark_};
};

/// The i-th best by validation accuracy is the best of n draws with probability
/// ((N-i)/N)^n - ((N-i-1)/N)^n.
TEST_F(PublishedResultsTest, RandomSearchAgreesWithItsExactDistribution) {
  std::vector<std::pair<double, double>> table;
  for (std::uint64_t index = 0; index < 15625; ++index) {
    const Architecture architecture = space_->at(index);
    table.emplace_back(objective_.outcome(architecture).value(), report_.value(architecture).value());
  }
  std::sort(table.rbegin(), table.rend());
  double mean = 0.0;
  double square = 0.0;
  const auto size = static_cast<double>(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double rank = static_cast<double>(i);
    const double probability =
        std::pow((size - rank) / size, kTrials) - std::pow((size - rank - 1) / size, kTrials);
    mean += probability * table[i].second;
    square += probability * table[i].second * table[i].second;
  }
  const double deviation = std::sqrt(square - mean * mean);
  EXPECT_NEAR(mean, 94.119, 0.001);
  EXPECT_NEAR(deviation, 0.206, 0.001);

  const host::Statistics found = search("random_search");
  EXPECT_LT(std::abs(found.mean - mean), 3.0 * deviation / std::sqrt(double{kSeeds}));
}

TEST_F(PublishedResultsTest, RegularizedEvolutionIsAtLeastAsGoodAsPublished) {
  const host::Statistics found = search("regularized_evolution");
  EXPECT_GE(found.mean, 94.23);
  EXPECT_LE(found.best, report_.best().value());
}

TEST_F(PublishedResultsTest, LocalSearchBeatsRandomSearch) {
  EXPECT_GT(search("local_search").mean, search("random_search").mean);
}

}  // namespace
}  // namespace espalier
