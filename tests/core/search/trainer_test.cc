#include "espalier/search/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/optimizer.h"

namespace espalier {
namespace {

class ZeroOrIdentity : public SearchSpace {
 public:
  ZeroOrIdentity() : SearchSpace(definition()) {}

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 2).add_edge(1, 2);
    cell.edge(1, 2).set_op(Candidates{primitives::zero(), primitives::identity()});
    return {.graph = std::move(cell), .input_shape = {3, 8, 8}};
  }
};

class FixedOptimizer : public Optimizer {
 public:
  Architecture final_architecture_impl() const override { return {1}; }
  int adapted_times = 0;

 protected:
  void adapt_impl() override {
    adapted_times += space().choices().size() == 1 && seed() == 5 ? 1 : 100;  // both are set already
  }
};

class CountingJournal final : public Journal {
 public:
  struct Full {};  ///< no std::exception

  int events = 0;
  bool full = false;

  void event(const TrialEvent&) override {
    if (full) throw Full{};
    ++events;
  }
  void event(const EpochEvent&) override {}
  bool checkpoint_due() override { return false; }
  void checkpoint(const nlohmann::json&) override {}
  std::optional<nlohmann::json> restore() override { return std::nullopt; }
  void keep_weights(std::string_view) override {}
  void progress(std::uint64_t, std::uint64_t, std::string_view) override {}
  bool stop_requested() const override { return false; }
};

class OneStepTrainer : public Trainer {
 public:
  int searches = 0;

 protected:
  SearchResult search_impl(Optimizer& optimizer, const Resources&, Journal& given) override {
    ++searches;
    given.event(TrialEvent{.trial = 1, .architecture = "edge"});
    given.checkpoint(optimizer.save());
    given.progress(1, 1);
    EXPECT_FALSE(given.checkpoint_due());
    EXPECT_FALSE(given.stop_requested());
    EXPECT_FALSE(given.restore().has_value());
    return {.architecture = optimizer.final_architecture(), .trials = 1};
  }
};

TEST(TrainerTest, SearchesWithAndWithoutAJournal) {
  const ZeroOrIdentity space;
  FixedOptimizer optimizer;
  optimizer.adapt({.space = space, .seed = 5});
  EXPECT_EQ(optimizer.adapted_times, 1);
  OneStepTrainer trainer;
  CountingJournal journal;
  EXPECT_EQ(trainer.search(optimizer, {}, journal).architecture, (Architecture{1}));
  EXPECT_EQ(journal.events, 1);
  EXPECT_EQ(trainer.search(optimizer, {}).trials, 1U);
  EXPECT_EQ(trainer.searches, 2);
}

TEST(TrainerTest, WhatAJournalThrowsIsNotTheTrainers) {
  const ZeroOrIdentity space;
  FixedOptimizer optimizer;
  optimizer.adapt({.space = space, .seed = 5});
  CountingJournal journal;
  journal.full = true;
  EXPECT_THROW(OneStepTrainer().search(optimizer, {}, journal), CountingJournal::Full);
}

TEST(TrainerTest, ThatGoesOnAfterAnErrorOfTheJournalHasNotSucceeded) {
  struct Careless final : Trainer {
    SearchResult search_impl(Optimizer& optimizer, const Resources&, Journal& journal) override {
      try {
        journal.event(TrialEvent{.trial = 1, .architecture = "edge"});
      } catch (...) {  // it does not matter, does it?
      }
      return {.architecture = optimizer.final_architecture(), .trials = 1};
    }
  };
  const ZeroOrIdentity space;
  FixedOptimizer optimizer;
  optimizer.adapt({.space = space, .seed = 5});
  CountingJournal journal;
  journal.full = true;
  EXPECT_THROW(Careless().search(optimizer, {}, journal), CountingJournal::Full);
}

TEST(TrainerTest, RefusesAnOptimizerWithoutASpace) {
  FixedOptimizer optimizer;
  OneStepTrainer trainer;
  EXPECT_THROW(trainer.search(optimizer, {}), Error);
  EXPECT_EQ(trainer.searches, 0);
}

/// Reports what it is told to.
class ReportingTrainer : public Trainer {
 public:
  explicit ReportingTrainer(SearchResult result) : result_(std::move(result)) { set_name("reporting"); }

 protected:
  SearchResult search_impl(Optimizer&, const Resources&, Journal&) override { return result_; }

 private:
  SearchResult result_;
};

TEST(TrainerTest, RefusesToReportWhatIsNoResult) {
  const ZeroOrIdentity space;
  FixedOptimizer optimizer;
  optimizer.adapt({.space = space, .seed = 5});
  const auto message = [&](const SearchResult& result) -> std::string {
    try {
      ReportingTrainer(result).search(optimizer, {});
    } catch (const PluginFailure& failure) {
      return failure.what();
    }
    return "no failure";
  };
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  const SearchResult good = {.architecture = {1}, .values = {90.0}, .report = 91.0, .trials = 1};
  EXPECT_EQ(message(good), "no failure");
  SearchResult bad = good;
  bad.architecture = {2};
  EXPECT_THAT(
      message(bad),
      ::testing::HasSubstr("reporting: the plugin's search() gave something that is not an architecture"));
  bad = good;
  bad.values = {nothing};
  EXPECT_THAT(message(bad), ::testing::HasSubstr("a value that is not finite"));
  bad = good;
  bad.report = nothing;
  EXPECT_THAT(message(bad), ::testing::HasSubstr("a report that is not finite"));
  bad = good;
  bad.seconds = nothing;
  EXPECT_THAT(message(bad), ::testing::HasSubstr("a cost of nan seconds"));
}

TEST(TrainerTest, InterruptedIsAnErrorOfItsOwn) {
  const Interrupted interrupted({.what = "stopped", .remedy = "go on"});
  EXPECT_EQ(interrupted.details().what, "stopped");
  EXPECT_NE(dynamic_cast<const Error*>(&interrupted), nullptr);
}

}  // namespace
}  // namespace espalier
