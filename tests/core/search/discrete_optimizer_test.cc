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
  explicit Scripted(std::vector<Architecture> script = {}) : script_(std::move(script)) {
    set_name("scripted");
  }

  std::vector<double> seen;

 protected:
  Architecture ask_impl(Rng& rng) override {
    return asked() < script_.size() ? script_[asked()] : space().sample(rng);
  }
  void tell_impl(const Architecture&, const Outcome& outcome) override { seen.push_back(outcome.value); }
  void save_impl(json& state) const override { state["seen"] = seen; }
  void load_impl(const json& state) override { state.at("seen").get_to(seen); }

 private:
  std::vector<Architecture> script_;
};

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

TEST_F(DiscreteOptimizerTest, CountsAndKeepsWhatIsPending) {
  Scripted optimizer({{0, 0}, {1, 1}, {2, 2}});
  optimizer.adapt(space_, 3);
  EXPECT_EQ(optimizer.seed(), 3U);
  EXPECT_EQ(&optimizer.space(), &space_);
  EXPECT_EQ(optimizer.ask(), (Architecture{0, 0}));
  optimizer.ask();
  optimizer.ask();
  optimizer.tell({1, 1}, {.value = 5.0});
  EXPECT_EQ(optimizer.asked(), 3U);
  EXPECT_EQ(optimizer.told(), 1U);
  EXPECT_THAT(optimizer.pending(), ElementsAre(Architecture{0, 0}, Architecture{2, 2}));
  EXPECT_THAT(optimizer.seen, ElementsAre(5.0));
}

TEST_F(DiscreteOptimizerTest, FinalIsTheFirstOfTheBest) {
  Scripted optimizer({{0, 1}, {1, 1}, {2, 1}, {2, 2}});
  optimizer.adapt(space_, 0);
  for (const double value : {-7.0, -3.0, -3.0, -9.0}) optimizer.tell(optimizer.ask(), {.value = value});
  EXPECT_EQ(optimizer.final_architecture(), (Architecture{1, 1}));
}

TEST_F(DiscreteOptimizerTest, AnArchitectureAskedTwiceIsToldTwice) {
  Scripted optimizer({{0, 0}, {1, 2}, {0, 0}});
  optimizer.adapt(space_, 0);
  for (int i = 0; i < 3; ++i) optimizer.ask();
  optimizer.tell({0, 0}, {.value = 1.0});
  EXPECT_THAT(optimizer.pending(), ElementsAre(Architecture{1, 2}, Architecture{0, 0}));
  optimizer.tell(optimizer.pending().front(), {.value = 2.0});  // one of its own, by reference
  optimizer.tell({0, 0}, {.value = 1.0});
  EXPECT_TRUE(optimizer.pending().empty());
  EXPECT_EQ(optimizer.final_architecture(), (Architecture{1, 2}));
  EXPECT_THAT(error_of([&] { optimizer.tell({0, 0}, {.value = 1.0}); }), HasSubstr("not pending"));
}

TEST_F(DiscreteOptimizerTest, RefusesWhatWasNotAskedAndWhatIsNotFinite) {
  Scripted optimizer({{0, 0}});
  optimizer.adapt(space_, 0);
  optimizer.ask();
  EXPECT_THROW(optimizer.tell({0, 1}, {.value = 1.0}), Error);
  EXPECT_THROW(optimizer.tell({0}, {.value = 1.0}), Error);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  for (const Outcome outcome :
       {Outcome{kNothing, 0.0}, Outcome{kInfinity, 0.0}, Outcome{-kInfinity, 0.0}, Outcome{0.0, kNothing}}) {
    EXPECT_THAT(error_of([&] { optimizer.tell({0, 0}, outcome); }), HasSubstr("not finite"));
  }
  EXPECT_EQ(optimizer.told(), 0U);
  EXPECT_TRUE(optimizer.seen.empty());
  optimizer.tell({0, 0}, {.value = 1.0});  // still pending
  EXPECT_EQ(optimizer.told(), 1U);
}

TEST_F(DiscreteOptimizerTest, RefusesToProposeWhatIsNoArchitecture) {
  Scripted optimizer({{0, 9}, {0, 0, 0}});
  optimizer.adapt(space_, 0);
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
  EXPECT_THROW(optimizer.tell({0, 0}, {}), Error);
  EXPECT_THROW(optimizer.load(json::object()), Error);
  optimizer.adapt(space_, 0);
  EXPECT_TRUE(optimizer.adapted());
  EXPECT_THAT(error_of([&] { optimizer.adapt(space_, 0); }), HasSubstr("already"));
  EXPECT_THAT(error_of([&] { optimizer.final_architecture(); }), HasSubstr("no final architecture"));
}

TEST_F(DiscreteOptimizerTest, EachAskDrawsFromAStreamOfItsOwn) {
  const auto asks = [&](std::uint64_t seed, bool tell_at_once) {
    Scripted optimizer;
    optimizer.adapt(space_, seed);
    std::vector<Architecture> asked;
    for (int i = 0; i < 20; ++i) {
      asked.push_back(optimizer.ask());
      if (tell_at_once) optimizer.tell(asked.back(), {.value = 1.0});
    }
    return asked;
  };
  EXPECT_EQ(asks(1, true), asks(1, false));
  EXPECT_NE(asks(1, true), asks(2, true));
}

TEST_F(DiscreteOptimizerTest, SavesAndLoadsThroughText) {
  Scripted optimizer({{0, 0}, {1, 1}, {2, 2}});
  optimizer.adapt(space_, 0xffffffffffffffffU);
  for (int i = 0; i < 3; ++i) optimizer.ask();
  optimizer.tell({1, 1}, {.value = 0.1, .seconds = 1e-300});
  const std::string text = optimizer.save().dump();

  Scripted other({{0, 0}, {1, 1}, {2, 2}});
  other.adapt(space_, 0xffffffffffffffffU);
  other.load(json::parse(text));
  EXPECT_EQ(other.save().dump(), text);
  EXPECT_EQ(other.pending(), optimizer.pending());
  EXPECT_EQ(other.final_architecture(), (Architecture{1, 1}));
  EXPECT_EQ(other.seen, optimizer.seen);
  EXPECT_EQ(other.ask(), optimizer.ask());
}

TEST_F(DiscreteOptimizerTest, RefusesAForeignState) {
  Scripted optimizer;
  optimizer.adapt(space_, 1);
  optimizer.tell(optimizer.ask(), {.value = 1.0});
  optimizer.ask();
  const json good = optimizer.save();

  const auto refuses = [&](const json& state, const std::string& expected) {
    Scripted fresh;
    fresh.adapt(space_, 1);
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
  refuses(with("/pending", json::array({json::array({0, 3})})), "candidate 3");
  refuses(with("/pending", json::array({json::array({0, 0, 0})})), "3 choices");
  refuses(with("/pending/0", "00"), "architecture");
  refuses(with("/best", json::array({0, -1})), "architecture");
  refuses(with("/best_outcome", json::array({1, 2})), "outcome");
  refuses(with("/best_outcome/value", nullptr), "outcome");
  refuses(with("/state", json::object()), "seen");
  refuses(with("/state/seen", "many"), "");
}

}  // namespace
}  // namespace espalier
