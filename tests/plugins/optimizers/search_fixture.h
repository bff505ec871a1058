#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/search/discrete_optimizer.h"

/// Searches of NAS-Bench-201 cells with an objective that needs no table.
namespace espalier::testing {

/// How near a cell is to one target, with a small difference between any two: no ties, many hills.
inline Outcome nearness(const Architecture& architecture) {
  constexpr std::array<Architecture::Index, 6> kTarget = {3, 1, 3, 2, 0, 3};
  double value = 0.0;
  for (std::size_t i = 0; i < kTarget.size(); ++i) value += architecture[i] == kTarget[i] ? 1.0 : 0.0;
  return {.values = {value + static_cast<double>(architecture.hash() % 10'007) / 10'007.0},
          .seconds = value + 1.0};
}

struct Told {
  Architecture architecture;
  Outcome outcome;
  friend bool operator==(const Told& a, const Told& b) {
    return a.architecture == b.architecture && a.outcome.value() == b.outcome.value();
  }
};

class SearchTest : public ::testing::Test {
 protected:
  SearchTest() : space_(host_.search_space("nasbench201")) {}

  std::unique_ptr<DiscreteOptimizer> make(const std::string& name, const std::string& options = "",
                                          std::uint64_t seed = 0) {
    std::unique_ptr<Optimizer> optimizer = host_.optimizer(name, options);
    optimizer->adapt({.space = *space_, .seed = seed});
    auto* discrete = dynamic_cast<DiscreteOptimizer*>(optimizer.get());
    if (discrete == nullptr) throw Error({.what = name + " is no discrete optimizer"});
    std::ignore = optimizer.release();
    return std::unique_ptr<DiscreteOptimizer>(discrete);
  }

  /// One more trial: asks until `pending` are pending, then tells the oldest.
  static Told step(DiscreteOptimizer& optimizer, std::size_t pending = 1) {
    while (optimizer.pending().size() < pending) optimizer.ask();
    const Trial trial = optimizer.pending().front();
    const Outcome outcome = nearness(trial.architecture);
    optimizer.tell(trial, outcome);
    return {trial.architecture, outcome};
  }
  static std::vector<Told> run(DiscreteOptimizer& optimizer, int trials, std::size_t pending = 1) {
    std::vector<Told> told;
    for (int i = 0; i < trials; ++i) told.push_back(step(optimizer, pending));
    return told;
  }

  const SearchSpace& space() const { return *space_; }
  bool neighbours(const Architecture& a, const Architecture& b) const {
    int differences = 0;
    for (std::size_t i = 0; i < a.size(); ++i) differences += a[i] == b[i] ? 0 : 1;
    return differences == 1;
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_;
};

}  // namespace espalier::testing
