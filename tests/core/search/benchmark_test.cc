#include "espalier/search/benchmark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/search_space.h"

namespace espalier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class EdgeSpace : public SearchSpace {
 public:
  explicit EdgeSpace(const std::string& name = "edge") : SearchSpace(definition()) { set_name(name); }

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 2).add_edge(1, 2);
    cell.edge(1, 2).set_op(Candidates{primitives::zero(), primitives::identity(), primitives::max_pool()});
    return {.graph = std::move(cell), .input_shape = {3, 8, 8}};
  }
};

/// Values are ten times the candidate, plus one for a metric or dataset that is not the default, plus
/// the epoch.
class SumBenchmark : public Benchmark {
 public:
  SumBenchmark() { set_name("sum"); }
  std::vector<std::string> spaces_impl() const override { return {"edge", "other_edge"}; }
  std::vector<std::string> datasets_impl() const override { return {"first", "second"}; }
  std::vector<std::string> metrics_impl() const override { return {"accuracy", "parameters"}; }
  std::vector<int> epochs_impl(std::string_view metric, std::string_view dataset) const override {
    if (metric == "parameters") return {};
    return dataset == "second" ? std::vector<int>{8} : std::vector<int>{2, 4};
  }

  int loads = 0;

 protected:
  void adapt_impl(const SearchSpace&) override {
    if (++loads == 1) throw Error({.what = "no data yet"});
  }
  double query_impl(const Architecture& architecture, const Query& query) const override {
    return 10.0 * architecture[0] + (query.metric == "parameters" ? 1 : 0) +
           (query.dataset == "second" ? 1 : 0) + query.epoch.value_or(0);
  }
  Outcome outcome_impl(const Architecture& architecture) const override {
    return {.value = 10.0 * architecture[0], .seconds = 1.0};
  }
  std::optional<double> test_impl(const Architecture&) const override { return std::nullopt; }
};

class BenchmarkTest : public ::testing::Test {
 protected:
  BenchmarkTest() {
    EXPECT_THROW(benchmark_.adapt(space_), Error);  // its first load fails
    benchmark_.adapt(space_);
  }

  template <class Thrown>
  std::string error_for(const Query& query) const {
    try {
      benchmark_.query(Architecture{1}, query);
    } catch (const Thrown& error) {
      return error.what();
    }
    return "no error";
  }

  EdgeSpace space_;
  SumBenchmark benchmark_;
};

TEST_F(BenchmarkTest, OpensOnceAndAgainOnlyAfterAFailure) {
  EXPECT_EQ(benchmark_.loads, 2);
  EXPECT_EQ(&benchmark_.space(), &space_);
  EXPECT_THROW(benchmark_.adapt(space_), Error);
  EXPECT_EQ(benchmark_.loads, 2);
}

TEST_F(BenchmarkTest, RefusesASpaceThatItDoesNotKnow) {
  SumBenchmark benchmark;
  const EdgeSpace foreign("darts");
  try {
    benchmark.adapt(foreign);
    FAIL() << "opened";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("\"sum\""), HasSubstr("\"darts\""), HasSubstr("edge and other_edge")));
  }
  EXPECT_EQ(benchmark.loads, 0);
}

TEST_F(BenchmarkTest, RefusesQueriesBeforeItIsOpen) {
  const SumBenchmark closed;
  const std::vector<Architecture> none;
  EXPECT_THROW(closed.query(Architecture{0}), Error);
  EXPECT_THROW(closed.query(none), Error);
  EXPECT_THROW(closed.outcome({0}), Error);
  EXPECT_THROW(closed.test({0}), Error);
}

TEST_F(BenchmarkTest, AnswersOneAndMany) {
  EXPECT_EQ(benchmark_.query(Architecture{2}), 20.0);
  EXPECT_EQ(benchmark_.query(Architecture{2}, {.metric = "accuracy", .epoch = 4}), 24.0);
  EXPECT_EQ(benchmark_.query(Architecture{2}, {.dataset = "second", .epoch = 8}), 29.0);
  const std::vector<Architecture> all = {{0}, {1}, {2}};
  EXPECT_THAT(benchmark_.query(all, {.epoch = 2}), ElementsAre(2.0, 12.0, 22.0));
  EXPECT_THAT(benchmark_.query(std::span<const Architecture>{}), ElementsAre());
  EXPECT_EQ(benchmark_.outcome({1}).value, 10.0);
  EXPECT_FALSE(benchmark_.test({1}).has_value());
  EXPECT_FALSE(benchmark_.best_test().has_value());
}

TEST_F(BenchmarkTest, RefusesUnknownNamesWithTheNearest) {
  EXPECT_THAT(
      error_for<UsageError>({.metric = "acuracy"}),
      AllOf(HasSubstr("metric \"acuracy\""), HasSubstr("accuracy and parameters"), HasSubstr("nearest")));
  EXPECT_THAT(error_for<UsageError>({.dataset = "secnod"}),
              AllOf(HasSubstr("dataset \"secnod\""), HasSubstr("first and second"), HasSubstr("nearest")));
}

TEST_F(BenchmarkTest, RefusesEpochsThatItHasNoResultsOf) {
  EXPECT_THAT(error_for<UsageError>({.epoch = 5}),
              AllOf(HasSubstr("5 epochs"), HasSubstr("2 and 4"), HasSubstr("nearest")));
  EXPECT_THAT(error_for<UsageError>({.dataset = "second", .epoch = 4}), HasSubstr("8"));
  EXPECT_THAT(error_for<UsageError>({.epoch = std::numeric_limits<int>::min()}), HasSubstr("2 and 4"));
  EXPECT_EQ(benchmark_.query(Architecture{0}, {.metric = "parameters", .epoch = 5}), 6.0);  // depends on none
}

/// Answers what it is told to.
class WrongBenchmark : public SumBenchmark {
 public:
  Outcome outcome_;
  std::optional<double> accuracy;

 protected:
  void adapt_impl(const SearchSpace&) override {}
  Outcome outcome_impl(const Architecture&) const override { return outcome_; }
  std::optional<double> test_impl(const Architecture&) const override { return accuracy; }
};

TEST(WrongBenchmarkTest, IsNamedWhereItsAnswersAreNoNumbers) {
  const EdgeSpace space;
  WrongBenchmark benchmark;
  benchmark.adapt(space);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  const auto message = [&](const auto& ask) -> std::string {
    try {
      ask();
    } catch (const PluginFailure& failure) {
      return failure.what();
    }
    return "no failure";
  };
  const auto of_outcome = [&] { return message([&] { benchmark.outcome({0}); }); };
  benchmark.outcome_ = {.value = kNothing, .seconds = 1.0};
  EXPECT_THAT(of_outcome(), HasSubstr("sum: the plugin's outcome() gave a value that is not finite: nan"));
  for (const double seconds : {kInfinity, kNothing, -1.0}) {
    benchmark.outcome_ = {.value = 1.0, .seconds = seconds};
    EXPECT_THAT(of_outcome(), HasSubstr("sum: the plugin's outcome() gave a cost of"));
  }
  benchmark.outcome_ = {.value = 1.0, .seconds = 0.0};
  EXPECT_EQ(of_outcome(), "no failure");
  benchmark.accuracy = kInfinity;
  EXPECT_THAT(message([&] { benchmark.test({0}); }),
              HasSubstr("sum: the plugin's test() gave a test accuracy that is not finite: inf"));
}

TEST_F(BenchmarkTest, RefusesForeignArchitectures) {
  EXPECT_THROW(benchmark_.query(Architecture{3}), UsageError);
  EXPECT_THROW(benchmark_.query(Architecture{0, 0}), UsageError);
  const std::vector<Architecture> mixed = {{0}, {3}};
  EXPECT_THROW(benchmark_.query(mixed), UsageError);
}

}  // namespace
}  // namespace espalier
