#include "espalier/search/objective_function.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/answers_trials.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/measurements.h"
#include "espalier/search/report.h"
#include "espalier/space/search_space.h"

namespace espalier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Two edges with three candidates each, of which the last has weights.
class TwoEdges : public SearchSpace {
 public:
  TwoEdges() : SearchSpace(definition()) { set_name("pair"); }

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
    cell.update_edges([](EdgeData& edge) {
      edge.set_op(Candidates{primitives::zero(), primitives::identity(), primitives::relu_conv_bn(3, 1)});
    });
    return {.graph = std::move(cell), .input_shape = {.channels = 3, .height = 4, .width = 4}};
  }
};

/// Figures that follow from the candidates: an accuracy after 2 and 6 epochs, its cost, and more.
class Figures : public Benchmark {
 public:
  Figures() { set_name("figures"); }
  std::vector<Metric> metrics_impl() const override {
    return {{.name = "validation_accuracy", .unit = "%"},
            {.name = "test_accuracy", .unit = "%"},
            {.name = "train_seconds", .unit = "s", .direction = Direction::minimize},
            {.name = "latency", .unit = "ms", .direction = Direction::minimize, .partial = partial}};
  }
  std::vector<int> epochs_impl(std::string_view metric, std::string_view) const override {
    return metric == "latency" ? std::vector<int>() : std::vector<int>{2, 6};
  }
  bool continues_trials_impl() const override { return continues; }

  bool continues = false;
  bool partial = false;  ///< whether the latency is declared so
  double seconds = 10.0;
  double factor = 1.0;

 protected:
  void adapt_impl(const SearchSpace&) override {}
  double value_impl(const Architecture& architecture, const Lookup& lookup) const override {
    const int epochs = lookup.epoch.value_or(6);
    if (lookup.metric == 2) return seconds * epochs;
    if (lookup.metric == 3) {
      if (architecture[0] == 0) throw Error({.what = "the device does not support it"});
      return 5.0 + architecture[1];
    }
    return factor * (10.0 * architecture[0] + architecture[1] + epochs + (lookup.metric == 1 ? 0.5 : 0.0));
  }
};

/// Another value at each call.
class Clock : public Benchmark {
 public:
  Clock() { set_name("clock"); }
  std::vector<Metric> metrics_impl() const override {
    return {{.name = "time", .unit = "ms", .direction = Direction::minimize, .measured = true},
            {.name = "latency", .unit = "ms", .direction = Direction::minimize}};
  }

 protected:
  void adapt_impl(const SearchSpace&) override {}
  double value_impl(const Architecture&, const Lookup& lookup) const override {
    return lookup.metric == 0 ? ++calls_ : -1.0;
  }

 private:
  mutable double calls_ = 0.0;
};

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no refusal";
}

/// The trial's seed and id, or -1 where it is asked without a trial.
class TrialNumbers : public Benchmark, public AnswersTrials {
 public:
  explicit TrialNumbers(bool answers) : answers_(answers) { set_name("trial_numbers"); }
  std::vector<Metric> metrics_impl() const override { return {{.name = "number"}}; }
  bool answers_trials() const override { return answers_; }
  void values_of(const Trial& trial, std::span<const Lookup> lookups,
                 std::span<double> values) const override {
    ASSERT_EQ(lookups.size(), values.size());
    values[0] = 1000.0 * static_cast<double>(trial.seed) + static_cast<double>(trial.id);
  }

 protected:
  void adapt_impl(const SearchSpace&) override {}
  double value_impl(const Architecture&, const Lookup&) const override { return -1.0; }

 private:
  bool answers_;
};

class ObjectiveFunctionTest : public ::testing::Test {
 protected:
  ObjectiveFunctionTest() {
    figures_.adapt(space_);
    clock_.adapt(space_);
  }
  ObjectiveFunction of(std::vector<MetricName> metrics, std::vector<Constraint> constraints = {}) const {
    return {space_,
            {.benchmarks = {&figures_, &clock_},
             .metrics = std::move(metrics),
             .constraints = std::move(constraints)}};
  }

  TwoEdges space_;
  Figures figures_;
  Clock clock_;
};

TEST_F(ObjectiveFunctionTest, ABenchmarkThatAnswersTrialsIsToldOfThem) {
  const Trial trial{.id = 5, .architecture = {1, 2}, .seed = 7};
  for (const bool answers : {true, false}) {
    TrialNumbers numbers(answers);
    numbers.adapt(space_);
    const ObjectiveFunction objective(numbers);
    EXPECT_EQ(objective.outcome(trial, 0).value(), answers ? 7005.0 : -1.0);
    EXPECT_EQ(objective.outcome({1, 2}).value(), -1.0) << "of no trial";
  }
}

TEST_F(ObjectiveFunctionTest, TakesTheBenchmarksOwnObjectiveByDefault) {
  const ObjectiveFunction objective(figures_);
  ASSERT_EQ(objective.metrics().size(), 1U);
  EXPECT_EQ(objective.metrics().front().name, "validation_accuracy");
  EXPECT_THAT(objective.fidelities(), ElementsAre(2, 6));
  const Outcome full = objective.outcome({1, 2});
  EXPECT_THAT(full.values, ElementsAre(18.0));
  EXPECT_EQ(full.seconds, 60.0);
  const Outcome low = objective.outcome({1, 2}, 2);
  EXPECT_THAT(low.values, ElementsAre(14.0));
  EXPECT_EQ(low.seconds, 20.0);
  EXPECT_THAT(refusal([&] {
                (void)objective.outcome({1, 2}, 3);
              }),
              AllOf(HasSubstr("not known after 3 epochs"), HasSubstr("one of 2, 6")));
}

TEST_F(ObjectiveFunctionTest, TellsTheOptimizerWhatTheSearchIs) {
  const ObjectiveFunction objective(figures_);
  const SearchProblem problem = objective.problem(7, {.trials = 20});
  EXPECT_EQ(&problem.space, &space_);
  EXPECT_EQ(problem.seed, 7U);
  EXPECT_EQ(problem.objectives.front().unit, "%");
  EXPECT_THAT(problem.fidelities, ElementsAre(2, 6));
  EXPECT_EQ(problem.budget.trials, 20U);
  EXPECT_FALSE(problem.allowed) << "no constraints";
}

TEST_F(ObjectiveFunctionTest, MinimizedValuesComeWithTheOtherSign) {
  const ObjectiveFunction objective = of({{"validation_accuracy"}, {"latency"}, {"parameters"}});
  const Outcome outcome = objective.outcome({1, 2});
  const auto parameters = static_cast<double>(space_.parameters({1, 2}));
  EXPECT_GT(parameters, 0.0);
  EXPECT_THAT(outcome.values, ElementsAre(18.0, -7.0, -parameters));
  EXPECT_THAT(objective.in_units(outcome), ElementsAre(18.0, 7.0, parameters));
  EXPECT_THAT(objective.outcome({1, 2}, 2).values, ElementsAre(14.0, -7.0, -parameters))
      << "latency and parameters depend on no epochs";
}

TEST_F(ObjectiveFunctionTest, TheFirstBenchmarkThatKnowsAMetricAnswers) {
  EXPECT_THAT(of({{"latency"}}).outcome({1, 0}).values, ElementsAre(-5.0)) << "not the clock's -1";
  EXPECT_THAT(of({{"latency"}}).fidelities(), IsEmpty());
  EXPECT_EQ(of({{"parameters"}}).outcome({0, 0}).seconds, 0.0) << "the space answers, which costs nothing";
}

TEST_F(ObjectiveFunctionTest, ATrialThatContinuesCostsTheDifference) {
  const auto seconds = [&](int fidelity, int reached) {
    const ObjectiveFunction objective(figures_);
    return objective.outcome({.id = 1, .architecture = {1, 1}, .fidelity = fidelity}, reached).seconds;
  };
  EXPECT_EQ(seconds(6, 2), 60.0) << "separate schedules";
  figures_.continues = true;
  EXPECT_EQ(seconds(6, 2), 40.0);
  EXPECT_EQ(seconds(6, 0), 60.0);
  EXPECT_EQ(seconds(6, 6), 0.0);
  EXPECT_EQ(seconds(2, 6), 0.0);
}

TEST_F(ObjectiveFunctionTest, ConstraintsAreBoundsOnTheWorseSide) {
  const ObjectiveFunction objective =
      of({}, {{.metric = "latency", .worst = 6.0}, {.metric = "validation_accuracy", .worst = 16.0}});
  EXPECT_TRUE(objective.is_constrained());
  EXPECT_TRUE(objective.allowed({1, 0})) << "exactly on one bound";
  EXPECT_TRUE(objective.allowed({1, 1}));
  EXPECT_FALSE(objective.allowed({1, 2})) << "a latency of 7";
  EXPECT_FALSE(objective.allowed({0, 0})) << "a latency that is not known";
  const SearchProblem problem = objective.problem(0);
  EXPECT_TRUE(problem.allowed({1, 0}));
  EXPECT_FALSE(problem.allowed({1, 2}));

  const ObjectiveFunction between = of({}, {{.metric = "validation_accuracy", .min = 17.0, .max = 18.0}});
  EXPECT_FALSE(between.allowed({1, 0}));
  EXPECT_TRUE(between.allowed({1, 1}));
  EXPECT_FALSE(between.allowed({2, 0}));
}

TEST_F(ObjectiveFunctionTest, ASearchPassesOverArchitecturesThatLackAnObjective) {
  EXPECT_TRUE(of({{"latency"}}).allowed({0, 0})) << "not declared";
  figures_.partial = true;
  const ObjectiveFunction objective = of({{"validation_accuracy"}, {"latency"}});
  EXPECT_TRUE(objective.is_constrained());
  EXPECT_FALSE(objective.allowed({0, 0}));
  EXPECT_TRUE(objective.allowed({1, 0}));
  EXPECT_FALSE(objective.problem(0).allowed({0, 2}));
  EXPECT_FALSE(of({{"validation_accuracy"}}).is_constrained()) << "nobody asks for the latency";
}

TEST_F(ObjectiveFunctionTest, WhatIsMeasuredIsMeasuredOnce) {
  std::vector<Measurement> kept;
  Measurements measurements;
  measurements.keep_with([&](const Measurement& measurement) { kept.push_back(measurement); });
  const Objectives objectives{.benchmarks = {&clock_}, .metrics = {{"time"}}};
  const ObjectiveFunction objective(space_, objectives, &measurements);
  EXPECT_THAT(objective.outcome({1, 1}).values, ElementsAre(-1.0));
  EXPECT_THAT(objective.outcome({1, 2}).values, ElementsAre(-2.0));
  EXPECT_THAT(objective.outcome({1, 1}).values, ElementsAre(-1.0)) << "not again";
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept.back().architecture, (Architecture{1, 2}));
  EXPECT_EQ(kept.back().metric, "time");

  Measurements restored;
  for (const Measurement& measurement : kept) restored.add(measurement);
  const ObjectiveFunction resumed(space_, objectives, &restored);
  EXPECT_THAT(resumed.outcome({1, 2}).values, ElementsAre(-2.0)) << "as it was measured first";
  EXPECT_THAT(resumed.outcome({2, 2}).values, ElementsAre(-3.0)) << "measured now";
}

TEST_F(ObjectiveFunctionTest, RefusesWhatNobodyKnowsAndWhatIsNamedTwice) {
  const Location where{.file = "my.yaml", .line = 3, .column = 5};
  EXPECT_THAT(refusal([&] {
                of({{"validation_acuracy", where}});
              }),
              AllOf(HasSubstr("no benchmark of this search knows the metric \"validation_acuracy\""),
                    HasSubstr("my.yaml:3:5"), HasSubstr("nearest:  validation_accuracy"),
                    HasSubstr("latency and time")));
  EXPECT_THAT(refusal([&] {
                of({{"latency"}, {"latency", where}});
              }),
              AllOf(HasSubstr("named twice"), HasSubstr("my.yaml:3:5")));
  EXPECT_THAT(refusal([&] { of({}, {{.metric = "weight", .max = 3.0, .where = where}}); }),
              AllOf(HasSubstr("\"weight\""), HasSubstr("my.yaml:3:5"), HasSubstr("parameters")));
  EXPECT_THAT(refusal([&] { ObjectiveFunction(space_, {}); }), HasSubstr("has no objective"));
}

TEST_F(ObjectiveFunctionTest, NamesABenchmarkWhoseAnswersAreNoNumbers) {
  const ObjectiveFunction objective(figures_);
  const auto failure = [&]() -> std::string {
    try {
      (void)objective.outcome({1, 1});
    } catch (const PluginFailure& error) {
      return error.what();
    }
    return "no failure";
  };
  figures_.factor = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(failure(),
              HasSubstr("figures: the plugin's value() gave a validation_accuracy that is not finite"));
  figures_.factor = 1.0;
  for (const double seconds : {-1.0, std::numeric_limits<double>::infinity()}) {
    figures_.seconds = seconds;
    EXPECT_THAT(failure(), HasSubstr("figures: the plugin's value() gave a cost of"));
  }
}

TEST_F(ObjectiveFunctionTest, AReportIsTheReportMetricOfItsBenchmark) {
  const Report report(figures_);
  EXPECT_EQ(report.metric().name, "test_accuracy");
  EXPECT_EQ(report.value({1, 2}), 18.5);
  EXPECT_FALSE(report.best().has_value());
  EXPECT_THAT(refusal([&] { Report of_clock(clock_); }), HasSubstr("has nothing to report"));
}

}  // namespace
}  // namespace espalier
