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
  std::vector<Metric> metrics_impl() const override {
    return {{.name = "accuracy"}, {.name = "parameters", .direction = Direction::minimize}};
  }
  std::vector<int> epochs_impl(std::string_view metric, std::string_view dataset) const override {
    if (metric == "parameters") return {};
    return dataset == "second" ? std::vector<int>{8} : std::vector<int>{2, 4};
  }

  int loads = 0;

 protected:
  void adapt_impl(const SearchSpace&) override {
    if (++loads == 1) throw Error({.what = "no data yet"});
  }
  double value_impl(const Architecture& architecture, const Lookup& lookup) const override {
    return 10.0 * architecture[0] + (lookup.metric == 1 ? 1 : 0) + (lookup.dataset == 1U ? 1 : 0) +
           lookup.epoch.value_or(0);
  }
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
  EXPECT_THROW((void)closed.value({0}, Lookup{}), Error);
  EXPECT_THROW((void)closed.best("accuracy"), Error);
}

TEST_F(BenchmarkTest, AnswersOneAndMany) {
  EXPECT_EQ(benchmark_.query(Architecture{2}), 20.0);
  EXPECT_EQ(benchmark_.query(Architecture{2}, {.metric = "accuracy", .epoch = 4}), 24.0);
  EXPECT_EQ(benchmark_.query(Architecture{2}, {.dataset = "second", .epoch = 8}), 29.0);
  const std::vector<Architecture> all = {{0}, {1}, {2}};
  EXPECT_THAT(benchmark_.query(all, {.epoch = 2}), ElementsAre(2.0, 12.0, 22.0));
  EXPECT_THAT(benchmark_.query(std::span<const Architecture>{}), ElementsAre());
  EXPECT_FALSE(benchmark_.best("accuracy").has_value());
  const std::vector<Lookup> lookups = {benchmark_.resolve({}),
                                       benchmark_.resolve({.metric = "parameters", .dataset = "second"})};
  std::vector<double> values(2);
  benchmark_.values({1}, lookups, values);
  EXPECT_THAT(values, ElementsAre(10.0, 12.0));
  EXPECT_EQ(benchmark_.value({1}, lookups.back()), 12.0);
}

TEST_F(BenchmarkTest, SaysWhatASearchNeeds) {
  EXPECT_EQ(benchmark_.objective(), "accuracy") << "the first metric";
  EXPECT_EQ(benchmark_.full_fidelity(), 4) << "the last of its epochs";
  EXPECT_EQ(benchmark_.report_metric(), "");
  EXPECT_EQ(benchmark_.cost_metric(), "");
  EXPECT_FALSE(benchmark_.continues_trials());
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

TEST_F(BenchmarkTest, RefusesForeignArchitectures) {
  EXPECT_THROW(benchmark_.query(Architecture{3}), UsageError);
  EXPECT_THROW(benchmark_.query(Architecture{0, 0}), UsageError);
  const std::vector<Architecture> mixed = {{0}, {3}};
  EXPECT_THROW(benchmark_.query(mixed), UsageError);
}

}  // namespace
}  // namespace espalier
