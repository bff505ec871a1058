#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "espalier/host/host.h"
#include "espalier/plugin/plugin_cast.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/search/objective_function.h"

// Any optimizer searches any space on any benchmark that knows it.
namespace espalier {
namespace {

struct Searched {
  const char* label;
  const char* space;
  const char* benchmark;
  const char* options;
};
void PrintTo(const Searched& searched, std::ostream* stream) { *stream << searched.label; }

constexpr Searched kBenchmarks[] = {
    {"nasbench201", "nasbench201", "nasbench201", ""},
    {"nasbench201_drawn", "nasbench201", "nasbench201", "{protocol: drawn}"},
    {"nasbench101", "nasbench101", "nasbench101", ""},
    {"nasbench101_validated", "nasbench101", "nasbench101", "{subset: validated}"},
    {"nasbench_macro", "nasbench_macro", "nasbench_macro", ""},
    {"transnas101_micro", "transnas101_micro", "transnas101", ""},
    {"transnas101_macro", "transnas101_macro", "transnas101", "{task: jigsaw}"},
};

struct Searcher {
  const char* name;
  const char* options;
};
void PrintTo(const Searcher& searcher, std::ostream* stream) { *stream << searcher.name; }

constexpr Searcher kOptimizers[] = {
    {"random_search", ""},
    {"regularized_evolution", "{population_size: 10, sample_size: 3}"},
    {"local_search", ""},
    {"asha", ""},
    {"nsga2", "{population_size: 8}"},
    {"bananas", "{predictor: ridge, initial: 10, round_size: 5, candidates: 20}"},
};

class EveryBenchmark : public ::testing::TestWithParam<std::tuple<Searcher, Searched>> {
 protected:
  static constexpr int kTrials = 40;

  std::unique_ptr<DiscreteOptimizer> make() {
    const Searcher& searcher = std::get<0>(GetParam());
    auto optimizer = plugin_cast<DiscreteOptimizer>(host_.optimizer(searcher.name, searcher.options));
    optimizer->adapt(objective_.problem(5));
    return optimizer;
  }
  /// Asks and tells until the optimizer has been told of so many trials.
  std::vector<double> search(DiscreteOptimizer& optimizer, int trials) const {
    std::vector<double> values;
    while (static_cast<int>(values.size()) < trials) {
      const Trial trial = optimizer.ask();
      space_->check(trial.architecture);
      const Outcome outcome = objective_.outcome(trial, 0);
      optimizer.tell(trial, outcome);
      values.push_back(outcome.value());
    }
    return values;
  }

  const Searched& searched_ = std::get<1>(GetParam());
  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space(searched_.space);
  std::unique_ptr<Benchmark> benchmark_ = host_.benchmark(searched_.benchmark, *space_, searched_.options);
  ObjectiveFunction objective_{*benchmark_};
};

TEST_P(EveryBenchmark, SearchesAndContinuesFromItsMiddle) {
  const auto undisturbed = make();
  const std::vector<double> whole = search(*undisturbed, kTrials);
  if (objective_.fidelities().size() < 2) {  // otherwise values of different fidelities do not compare
    EXPECT_EQ(undisturbed->best().outcome.value(), std::ranges::max(whole));
  }

  const auto first = make();
  std::vector<double> parts = search(*first, kTrials / 2);
  const auto second = make();
  second->load(first->save());
  const std::vector<double> rest = search(*second, kTrials - kTrials / 2);
  parts.insert(parts.end(), rest.begin(), rest.end());
  EXPECT_EQ(parts, whole);
  EXPECT_EQ(second->final_architecture(), undisturbed->final_architecture());
}

INSTANTIATE_TEST_SUITE_P(All, EveryBenchmark,
                         ::testing::Combine(::testing::ValuesIn(kOptimizers),
                                            ::testing::ValuesIn(kBenchmarks)),
                         [](const auto& pair) {
                           return std::string(std::get<0>(pair.param).name) + "_on_" +
                                  std::get<1>(pair.param).label;
                         });

}  // namespace
}  // namespace espalier
