#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "espalier/host/host.h"
#include "espalier/plugin/plugin_cast.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/trial_json.h"

/// Searches on the NAS-Bench-201 table, and searches whose test says what each trial gives.
namespace espalier::testing {

class TableTest : public ::testing::Test {
 protected:
  TableTest() : space_(host_.search_space("nasbench201")), table_(host_.benchmark("nasbench201", *space_)) {}

  std::unique_ptr<DiscreteOptimizer> make(const std::string& name, const std::string& options,
                                          const SearchProblem& problem) {
    auto optimizer = plugin_cast<DiscreteOptimizer>(host_.optimizer(name, options));
    optimizer->adapt(problem);
    return optimizer;
  }
  /// A problem without a table.
  SearchProblem problem(std::size_t objectives = 1, std::vector<Fidelity> fidelities = {}) const {
    SearchProblem made{.space = *space_, .seed = 1, .fidelities = std::move(fidelities)};
    made.objectives.resize(objectives);
    return made;
  }

  /// One more trial: asks until `pending` are pending, then tells the oldest.
  static Trial step(DiscreteOptimizer& optimizer, const ObjectiveFunction& objective,
                    std::size_t pending = 1) {
    while (optimizer.pending().size() < pending) optimizer.ask();
    Trial trial = optimizer.pending().front();
    optimizer.tell(trial, objective.outcome(trial.architecture, trial.fidelity));
    return trial;
  }
  static std::vector<Trial> run(DiscreteOptimizer& optimizer, const ObjectiveFunction& objective, int trials,
                                std::size_t pending = 1) {
    std::vector<Trial> told;
    for (int i = 0; i < trials; ++i) told.push_back(step(optimizer, objective, pending));
    return told;
  }

  /// At how many choices two architectures differ.
  static int distance(const Architecture& a, const Architecture& b) {
    int differences = 0;
    for (std::size_t i = 0; i < a.size(); ++i) differences += a[i] == b[i] ? 0 : 1;
    return differences;
  }

  /// A search that is saved and loaded after each trial goes on as one that is not.
  void expect_resumes(const std::string& name, const std::string& options, const ObjectiveFunction& objective,
                      int trials, std::size_t pending) {
    const auto whole = make(name, options, objective.problem(3));
    auto resumed = make(name, options, objective.problem(3));
    for (int i = 0; i < trials; ++i) {
      const Trial expected = step(*whole, objective, pending);
      EXPECT_EQ(nlohmann::json(step(*resumed, objective, pending)), nlohmann::json(expected)) << i;
      const nlohmann::json state = resumed->save();
      EXPECT_EQ(state, whole->save()) << i;
      resumed = make(name, options, objective.problem(3));
      resumed->load(nlohmann::json::parse(state.dump()));
    }
  }

  host::Host host_;
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Benchmark> table_;
};

}  // namespace espalier::testing
