#include "espalier/search/discrete_optimizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/architecture_json.h"

namespace espalier {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Two edges with three candidates each.
class PairSpace : public SearchSpace {
 public:
  explicit PairSpace(const std::string& name = "pair") : SearchSpace(definition()) { set_name(name); }

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 3).add_edges({{1, 2}, {2, 3}});
    cell.update_edges([](EdgeData& edge) {
      edge.set_op(Candidates{primitives::zero(), primitives::identity(), primitives::max_pool()});
    });
    return {.graph = std::move(cell), .input_shape = {3, 8, 8}};
  }
};

/// Proposes what it is given and keeps what it is told.
class Scripted : public DiscreteOptimizer {
 public:
  explicit Scripted(std::vector<Architecture> script = {}, ObjectiveCount objectives = ObjectiveCount::one)
      : DiscreteOptimizer(objectives), script_(std::move(script)) {
    set_name("scripted");
  }

  std::vector<double> seen;

 protected:
  Proposal ask_impl(Rng& rng) override {
    return asked() < script_.size() ? script_[asked()] : space().sample(rng);
  }
  void tell_impl(const Trial&, const Outcome& outcome) override { seen.push_back(outcome.value()); }
  void save_impl(json& state) const override { state["seen"] = seen; }
  void load_impl(const json& state) override { state.at("seen").get_to(seen); }

 private:
  std::vector<Architecture> script_;
};

std::vector<Architecture> architectures(const std::vector<Trial>& trials) {
  std::vector<Architecture> all;
  for (const Trial& trial : trials) all.push_back(trial.architecture);
  return all;
}

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class DiscreteOptimizerTest : public ::testing::Test {
 protected:
  PairSpace space_;
};

/// The first choice stands within the second candidate of the second one.
class WithinSpace : public SearchSpace {
 public:
  WithinSpace() : SearchSpace(definition()) { set_name("within"); }

 private:
  static SpaceDefinition definition() {
    Graph inner("inner");
    inner.add_node_range(1, 2).add_edge(1, 2);
    inner.edge(1, 2).set_op(Candidates{primitives::max_pool(), primitives::avg_pool()});
    Graph cell("cell");
    cell.add_node_range(1, 2).add_edge(1, 2);
    cell.edge(1, 2).set_op(Candidates{primitives::identity(), inner});
    return {.graph = std::move(cell), .input_shape = {3, 8, 8}};
  }
};

TEST_F(DiscreteOptimizerTest, WhatItAsksAboutIsBroughtToTheCanonicalForm) {
  const WithinSpace space;
  Scripted optimizer({{1, 0}, {1, 1}, {1, 2}});
  optimizer.adapt({.space = space, .seed = 3});
  EXPECT_EQ(optimizer.ask().architecture, (Architecture{0, 0})) << "the first choice is not active";
  EXPECT_EQ(optimizer.ask().architecture, (Architecture{1, 1}));
  EXPECT_THROW(optimizer.ask(), PluginFailure) << "there is no such candidate";
}

TEST_F(DiscreteOptimizerTest, CountsAndKeepsWhatIsPending) {
  Scripted optimizer({{0, 0}, {1, 1}, {2, 2}});
  optimizer.adapt({.space = space_, .seed = 3});
  EXPECT_EQ(optimizer.seed(), 3U);
  EXPECT_EQ(&optimizer.space(), &space_);
  const Trial first = optimizer.ask();
  EXPECT_EQ(first.id, 1U);
  EXPECT_EQ(first.architecture, (Architecture{0, 0}));
  EXPECT_EQ(first.fidelity, 0);
  const Trial second = optimizer.ask();
  optimizer.ask();
  optimizer.tell(second, {.values = {5.0}});
  EXPECT_EQ(optimizer.asked(), 3U);
  EXPECT_EQ(optimizer.told(), 1U);
  EXPECT_THAT(architectures(optimizer.pending()), ElementsAre(Architecture{0, 0}, Architecture{2, 2}));
  EXPECT_THAT(optimizer.seen, ElementsAre(5.0));
}

TEST_F(DiscreteOptimizerTest, FinalIsTheFirstOfTheBest) {
  Scripted optimizer({{0, 1}, {1, 1}, {2, 1}, {2, 2}});
  optimizer.adapt({.space = space_, .seed = 0});
  for (const double value : {-7.0, -3.0, -3.0, -9.0}) optimizer.tell(optimizer.ask(), {.values = {value}});
  EXPECT_EQ(optimizer.final_architecture(), (Architecture{1, 1}));
}

TEST_F(DiscreteOptimizerTest, AnArchitectureAskedTwiceIsToldTwice) {
  Scripted optimizer({{0, 0}, {1, 2}, {0, 0}});
  optimizer.adapt({.space = space_, .seed = 0});
  const Trial first = optimizer.ask();
  optimizer.ask();
  const Trial again = optimizer.ask();
  EXPECT_NE(first.id, again.id);
  optimizer.tell(again, {.values = {1.0}});
  EXPECT_THAT(architectures(optimizer.pending()), ElementsAre(Architecture{0, 0}, Architecture{1, 2}));
  optimizer.tell(first, {.values = {1.0}});
  optimizer.tell(optimizer.pending().front(), {.values = {2.0}});  // one of its own, by reference
  EXPECT_TRUE(optimizer.pending().empty());
  EXPECT_EQ(optimizer.final_architecture(), (Architecture{1, 2}));
  EXPECT_THAT(error_of([&] { optimizer.tell(first, {.values = {1.0}}); }), HasSubstr("not pending"));
}

TEST_F(DiscreteOptimizerTest, RefusesWhatWasNotAskedAndWhatIsNotFinite) {
  Scripted optimizer({{0, 0}});
  optimizer.adapt({.space = space_, .seed = 0});
  const Trial asked = optimizer.ask();
  const Outcome good{.values = {1.0}};
  EXPECT_THROW(optimizer.tell({.id = 2, .architecture = {0, 0}}, good), Error);
  EXPECT_THROW(optimizer.tell({.id = 1, .architecture = {0, 1}}, good), Error);
  EXPECT_THROW(optimizer.tell({.id = 1, .architecture = {0}}, good), Error);
  EXPECT_THROW(optimizer.tell({.id = 1, .architecture = {0, 0}, .fidelity = 3}, good), Error);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  for (const Outcome& outcome :
       {Outcome{{kNothing}, 0.0}, Outcome{{kInfinity}, 0.0}, Outcome{{-kInfinity}, 0.0},
        Outcome{{0.0}, kNothing}, Outcome{{}, 0.0}, Outcome{{1.0, 2.0}, 0.0}}) {
    EXPECT_THAT(error_of([&] { optimizer.tell(asked, outcome); }),
                AllOf(HasSubstr("not usable"), HasSubstr("finite numbers, and 1 value")));
  }
  EXPECT_EQ(optimizer.told(), 0U);
  EXPECT_TRUE(optimizer.seen.empty());
  optimizer.tell(asked, good);  // still pending
  EXPECT_EQ(optimizer.told(), 1U);
}

TEST_F(DiscreteOptimizerTest, RefusesToProposeWhatIsNoArchitecture) {
  Scripted optimizer({{0, 9}, {0, 0, 0}});
  optimizer.adapt({.space = space_, .seed = 0});
  for (int attempt = 0; attempt < 2; ++attempt) {
    EXPECT_THAT(error_of([&] { optimizer.ask(); }),
                AllOf(HasSubstr("scripted: the plugin's ask() gave something that is not an architecture of "
                                "the search space"),
                      HasSubstr("candidate 9 at cell.edge_2_3"), HasSubstr("expected: 0 to 2")));
  }
  EXPECT_EQ(optimizer.asked(), 0U);
}

TEST_F(DiscreteOptimizerTest, RefusesCallsInTheWrongOrder) {
  Scripted optimizer;
  EXPECT_FALSE(optimizer.adapted());
  EXPECT_THAT(error_of([&] { optimizer.ask(); }), HasSubstr("adapt"));
  EXPECT_THROW(optimizer.tell({.id = 1, .architecture = {0, 0}}, {.values = {1.0}}), Error);
  EXPECT_THROW(optimizer.load(json::object()), Error);
  optimizer.adapt({.space = space_, .seed = 0});
  EXPECT_TRUE(optimizer.adapted());
  EXPECT_THAT(error_of([&] { optimizer.adapt({.space = space_, .seed = 0}); }), HasSubstr("already"));
  EXPECT_THAT(error_of([&] { optimizer.final_architecture(); }), HasSubstr("no final architecture"));
}

TEST_F(DiscreteOptimizerTest, EachAskDrawsFromAStreamOfItsOwn) {
  const auto asks = [&](std::uint64_t seed, bool tell_at_once) {
    Scripted optimizer;
    optimizer.adapt({.space = space_, .seed = seed});
    std::vector<Architecture> asked;
    for (int i = 0; i < 20; ++i) {
      const Trial trial = optimizer.ask();
      asked.push_back(trial.architecture);
      if (tell_at_once) optimizer.tell(trial, {.values = {1.0}});
    }
    return asked;
  };
  EXPECT_EQ(asks(1, true), asks(1, false));
  EXPECT_NE(asks(1, true), asks(2, true));
}

TEST_F(DiscreteOptimizerTest, SavesAndLoadsThroughText) {
  Scripted optimizer({{0, 0}, {1, 1}, {2, 2}});
  optimizer.adapt({.space = space_, .seed = 0xffffffffffffffffU});
  optimizer.ask();
  const Trial second = optimizer.ask();
  optimizer.ask();
  optimizer.tell(second, {.values = {0.1}, .seconds = 1e-300});
  const std::string text = optimizer.save().dump();

  Scripted other({{0, 0}, {1, 1}, {2, 2}});
  other.adapt({.space = space_, .seed = 0xffffffffffffffffU});
  other.load(json::parse(text));
  EXPECT_EQ(other.save().dump(), text);
  EXPECT_EQ(architectures(other.pending()), architectures(optimizer.pending()));
  EXPECT_EQ(other.final_architecture(), (Architecture{1, 1}));
  EXPECT_EQ(other.seen, optimizer.seen);
  EXPECT_EQ(other.ask().architecture, optimizer.ask().architecture);
}

TEST_F(DiscreteOptimizerTest, RefusesAForeignState) {
  Scripted optimizer;
  optimizer.adapt({.space = space_, .seed = 1});
  optimizer.tell(optimizer.ask(), {.values = {1.0}});
  optimizer.ask();
  const json good = optimizer.save();

  const auto refuses = [&](const json& state, const std::string& expected) {
    Scripted fresh;
    fresh.adapt({.space = space_, .seed = 1});
    EXPECT_THAT(error_of([&] { fresh.load(state); }),
                AllOf(HasSubstr("\"scripted\" cannot continue"), HasSubstr(expected)))
        << state;
  };
  const auto with = [&](const char* pointer, const json& value) {
    json state = good;
    state[json::json_pointer(pointer)] = value;
    return state;
  };
  refuses(nullptr, "");
  refuses(json::array(), "");
  refuses("text", "");
  for (const auto& [key, value] : good.items()) {
    json state = good;
    state.erase(key);
    refuses(state, key);
  }
  refuses(with("/optimizer", "other"), "another optimizer: \"other\"");
  refuses(with("/search_space", "darts"), "another search_space");
  refuses(with("/seed", 2U), "another seed");
  refuses(with("/asked", -1), "not a count");
  refuses(with("/asked", 2.5), "not a count");
  refuses(with("/told", "1"), "not a count");
  refuses(with("/asked", 7U), "do not agree");
  refuses(with("/told", 3U), "do not agree");
  refuses(with("/pending", json::object({{"a", json::array({0, 0})}})), "not a list");
  refuses(with("/pending/0/architecture", json::array({0, 3})), "candidate 3");
  refuses(with("/pending/0/architecture", json::array({0, 0, 0})), "3 choices");
  refuses(with("/pending/0/architecture", "00"), "architecture");
  refuses(with("/pending/0/fidelity", 3), "no such fidelity");
  refuses(with("/pending/0/id", -1), "a trial cannot be read");
  refuses(with("/pending/0", "00"), "a trial cannot be read");
  refuses(with("/best/trial/architecture", json::array({0, -1})), "architecture");
  refuses(with("/best/outcome", json::array({1, 2})), "an outcome cannot be read");
  refuses(with("/best/outcome/values", json::array({nullptr})), "an outcome cannot be read");
  refuses(with("/best/outcome/values", json::array({1.0, 2.0})), "another number of values");
  refuses(with("/refused", 1.5), "not a count");
  refuses(with("/state", json::object()), "seen");
  refuses(with("/state/seen", "many"), "");
}

/// Proposes what it is given, at the fidelities that it is given, and knows what was refused.
class Careful : public Scripted {
 public:
  explicit Careful(std::vector<Proposal> script, ObjectiveCount objectives = ObjectiveCount::one)
      : Scripted({}, objectives), script_(std::move(script)) {}

  std::vector<Architecture> refused_ones;

 protected:
  Proposal ask_impl(Rng&) override { return script_.at(next_++); }
  void refused_impl(const Architecture& architecture) override { refused_ones.push_back(architecture); }

 private:
  std::vector<Proposal> script_;
  std::size_t next_ = 0;
};

TEST_F(DiscreteOptimizerTest, ATrialHasTheFidelityThatWasProposedOrTheFullOne) {
  Careful optimizer({{{0, 0}, 4}, {{0, 0}}, {{1, 1}, 3}});
  optimizer.adapt({.space = space_, .fidelities = {4, 12}});
  EXPECT_EQ(optimizer.ask().fidelity, 4);
  EXPECT_EQ(optimizer.ask().fidelity, 12);
  EXPECT_THAT(error_of([&] { optimizer.ask(); }),
              AllOf(HasSubstr("gave a trial of 3 epochs"), HasSubstr("one of 4, 12")));
  EXPECT_EQ(optimizer.asked(), 2U);
}

TEST_F(DiscreteOptimizerTest, TheBestIsTakenAtTheHighestFidelityReached) {
  Careful optimizer({{{0, 0}, 4}, {{1, 1}, 4}, {{0, 0}, 12}, {{2, 2}, 4}, {{2, 2}, 12}});
  optimizer.adapt({.space = space_, .fidelities = {4, 12}});
  const auto best_after = [&](double value) {
    optimizer.tell(optimizer.ask(), {.values = {value}});
    return optimizer.final_architecture();
  };
  EXPECT_EQ(best_after(50.0), (Architecture{0, 0}));
  EXPECT_EQ(best_after(60.0), (Architecture{1, 1}));
  EXPECT_EQ(best_after(55.0), (Architecture{0, 0})) << "the first at 12 epochs, though it is worse";
  EXPECT_EQ(best_after(90.0), (Architecture{0, 0})) << "better, at 4 epochs";
  EXPECT_EQ(best_after(70.0), (Architecture{2, 2}));
}

TEST_F(DiscreteOptimizerTest, AsksAgainForWhatTheConstraintsRefuse) {
  Careful optimizer({{{0, 0}}, {{0, 1}}, {{1, 0}}, {{2, 2}}});
  optimizer.adapt(
      {.space = space_, .allowed = [](const Architecture& architecture) { return architecture[0] > 0; }});
  EXPECT_FALSE(optimizer.allowed({0, 2}));
  EXPECT_EQ(optimizer.ask().architecture, (Architecture{1, 0}));
  EXPECT_THAT(optimizer.refused_ones, ElementsAre(Architecture{0, 0}, Architecture{0, 1}));
  EXPECT_EQ(optimizer.refused(), 2U);
  EXPECT_EQ(optimizer.asked(), 1U);
  const json state = json::parse(optimizer.save().dump());
  EXPECT_EQ(state.at("refused"), 2U);
}

TEST_F(DiscreteOptimizerTest, SaysWhenNothingKeepsTheConstraints) {
  Scripted optimizer;
  optimizer.adapt({.space = space_, .allowed = [](const Architecture&) { return false; }});
  EXPECT_THAT(error_of([&] { optimizer.ask(); }),
              AllOf(HasSubstr("refused 1000 proposals"), HasSubstr("loosen the constraints")));
}

TEST_F(DiscreteOptimizerTest, KeepsTheFrontOfSeveralObjectives) {
  const std::vector<Metric> objectives = {{.name = "accuracy"},
                                          {.name = "latency", .direction = Direction::minimize}};
  EXPECT_THAT(error_of([&] { Scripted().adapt({.space = space_, .objectives = objectives}); }),
              AllOf(HasSubstr("searches for one objective, and there are 2"), HasSubstr("nsga2")));
  Careful optimizer({{{0, 0}}, {{0, 1}}, {{1, 1}}, {{1, 2}}, {{2, 2}}}, ObjectiveCount::any);
  optimizer.adapt({.space = space_, .objectives = objectives});
  const auto tell = [&](double accuracy, double latency) {
    optimizer.tell(optimizer.ask(), {.values = {accuracy, -latency}});
    std::vector<Architecture> front;
    for (const ToldTrial& told : optimizer.front()) front.push_back(told.trial.architecture);
    return front;
  };
  EXPECT_THAT(tell(90.0, 5.0), ElementsAre(Architecture{0, 0}));
  EXPECT_THAT(tell(80.0, 6.0), ElementsAre(Architecture{0, 0})) << "dominated";
  EXPECT_THAT(tell(80.0, 2.0), ElementsAre(Architecture{0, 0}, Architecture{1, 1}));
  EXPECT_THAT(tell(80.0, 2.0), ElementsAre(Architecture{0, 0}, Architecture{1, 1})) << "equal to one";
  EXPECT_THAT(tell(91.0, 1.0), ElementsAre(Architecture{2, 2})) << "dominates both";
  EXPECT_EQ(optimizer.final_architecture(), (Architecture{2, 2}));
  Careful other({}, ObjectiveCount::any);
  other.adapt({.space = space_, .objectives = objectives});
  other.load(json::parse(optimizer.save().dump()));
  EXPECT_EQ(other.front().size(), 1U);
  EXPECT_EQ(other.save(), optimizer.save());
}

TEST_F(DiscreteOptimizerTest, ItsOwnStateIsLoadedWhenTheCountsAreThere) {
  struct Counting final : Scripted {
    void load_impl(const json& state) override {
      Scripted::load_impl(state);
      told_at_load = told();
      best_at_load = best().outcome.value();
    }
    std::uint64_t told_at_load = 0;
    double best_at_load = 0.0;
  };
  Scripted first;
  first.adapt({.space = space_});
  for (const double value : {1.0, 3.0, 2.0}) first.tell(first.ask(), {.values = {value}});
  Counting second;
  second.adapt({.space = space_});
  second.load(first.save());
  EXPECT_EQ(second.told_at_load, 3U);
  EXPECT_EQ(second.best_at_load, 3.0);
}

TEST_F(DiscreteOptimizerTest, ReadsItsBudgetWhenItAdaptsAndNeverLater) {
  struct Planning final : Scripted {
    void adapt_impl() override { trials = budget().trials; }
    std::optional<std::uint64_t> trials;
    void read_late() { (void)budget(); }
  };
  Planning planning;
  planning.adapt({.space = space_, .budget = {.trials = 50}});
  EXPECT_EQ(planning.trials, 50U);
  EXPECT_TRUE(planning.reads_budget());
  EXPECT_EQ(planning.problem().budget.trials, std::nullopt) << "nobody reads it without saying so";
  EXPECT_THAT(error_of([&] { planning.read_late(); }), HasSubstr("outside of adapt_impl()"));
  Scripted scripted;
  scripted.adapt({.space = space_, .budget = {.trials = 50}});
  EXPECT_FALSE(scripted.reads_budget());
}

TEST_F(DiscreteOptimizerTest, AStateThatCouldNotBeReadBackIsRefusedByName) {
  struct Deep final : Scripted {
    void save_impl(json& state) const override {
      for (int i = 0; i < 70; ++i) state = json::array({state});
    }
  };
  Deep deep;
  deep.adapt({.space = space_});
  EXPECT_THAT(error_of([&] { deep.save(); }), HasSubstr("save() gave a state that nests too deep"));
}

}  // namespace
}  // namespace espalier
