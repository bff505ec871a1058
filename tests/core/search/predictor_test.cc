#include "espalier/search/predictor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier {
namespace {

using ::testing::HasSubstr;

class ThreeOps final : public SearchSpace {
 public:
  explicit ThreeOps(const std::string& name = "edge") : SearchSpace(definition()) { set_name(name); }

 private:
  static SpaceDefinition definition() {
    Graph cell("cell");
    cell.add_node_range(1, 2).add_edge(1, 2);
    cell.edge(1, 2).set_op(Candidates{primitives::zero(), primitives::identity(), primitives::max_pool()});
    return {.graph = std::move(cell), .input_shape = {3, 8, 8}};
  }
};

/// Expects the first value everywhere; the tests tell it what else to answer, and whether to throw.
class FirstValue final : public Predictor {
 public:
  explicit FirstValue(const std::string& name = "first_value") { set_name(name); }

  double offset = 0.0;
  double deviation = 0.5;
  bool fails = false;
  std::uint64_t seed = 0;

 protected:
  void fit_impl(std::span<const Architecture> /*architectures*/, std::span<const double> values,
                std::uint64_t given_seed) override {
    if (fails) throw std::runtime_error("it does not converge");
    first_ = values.front();
    seed = given_seed;
  }
  Prediction predict_impl(const Architecture& /*architecture*/) const override {
    return {.mean = first_ + offset, .deviation = deviation};
  }
  void save_impl(nlohmann::json& state) const override { state["first"] = first_; }
  void load_impl(const nlohmann::json& state) override { state.at("first").get_to(first_); }

 private:
  double first_ = 0.0;
};

class PredictorTest : public ::testing::Test {
 protected:
  PredictorTest() { predictor_.adapt(space_); }

  void fit(std::vector<double> values = {1.5, 2.0}, std::vector<Architecture> architectures = {{0}, {2}}) {
    predictor_.fit(architectures, values, 9);
  }
  template <class Thrown, class Function>
  static std::string message_of(Function function) {
    try {
      function();
    } catch (const Thrown& error) {
      return error.what();
    }
    ADD_FAILURE() << "not thrown";
    return "";
  }

  ThreeOps space_;
  FirstValue predictor_;
};

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_F(PredictorTest, PredictsWhatItWasFittedTo) {
  EXPECT_FALSE(predictor_.fitted());
  fit();
  EXPECT_TRUE(predictor_.fitted());
  EXPECT_EQ(predictor_.seed, 9U);
  EXPECT_EQ(predictor_.predict({1}).mean, 1.5);
  EXPECT_EQ(predictor_.predict({1}).deviation, 0.5);
}

TEST_F(PredictorTest, AdaptsOnce) {
  EXPECT_THAT(message_of<Error>([&] { predictor_.adapt(space_); }),
              HasSubstr("adapted to a search space already"));
}

TEST_F(PredictorTest, BeforeItKnowsItsSpaceItDoesNothing) {
  FirstValue predictor;
  const auto fit_it = [&] { predictor.fit(std::vector<Architecture>{{0}}, std::vector<double>{1.0}, 0); };
  EXPECT_THAT(message_of<Error>(fit_it), HasSubstr("call adapt() first"));
  EXPECT_THAT(message_of<Error>([&] { predictor.predict({0}); }), HasSubstr("call adapt() first"));
  EXPECT_THAT(message_of<Error>([&] { predictor.load(predictor.save()); }), HasSubstr("call adapt() first"));
}

TEST_F(PredictorTest, BeforeItIsFittedItPredictsNothing) {
  EXPECT_THAT(message_of<Error>([&] { predictor_.predict({0}); }), HasSubstr("call fit() first"));
}

TEST_F(PredictorTest, RefusesListsThatDoNotFit) {
  EXPECT_THAT(message_of<UsageError>([&] { fit({}, {}); }), HasSubstr("0 architectures and 0 values"));
  EXPECT_THAT(message_of<UsageError>([&] { fit({1.0}); }), HasSubstr("2 architectures and 1 values"));
}

TEST_F(PredictorTest, RefusesValuesThatAreNotFinite) {
  for (const double value : {kNan, kInfinity, -kInfinity})
    EXPECT_THAT(message_of<Error>([&] { fit({1.0, value}); }), HasSubstr("value 1 of a fit"));
}

TEST_F(PredictorTest, RefusesArchitecturesOfAnotherSpace) {
  EXPECT_THROW(fit({1.0, 2.0}, {{0}, {3}}), UsageError);
  fit();
  EXPECT_THROW(predictor_.predict({3}), UsageError);
  EXPECT_THROW(predictor_.predict({0, 0}), UsageError);
}

TEST_F(PredictorTest, ARefusedFitLeavesTheEarlierOne) {
  fit();
  EXPECT_THROW(fit({kNan, 1.0}), Error);
  EXPECT_EQ(predictor_.predict({0}).mean, 1.5);
}

TEST_F(PredictorTest, AfterAFailureItIsNotFitted) {
  fit();
  predictor_.fails = true;
  EXPECT_THAT(message_of<PluginFailure>([&] { fit(); }), HasSubstr("the plugin's fit() failed"));
  EXPECT_FALSE(predictor_.fitted());
}

TEST_F(PredictorTest, PredictionsAreChecked) {
  fit();
  predictor_.offset = kInfinity;
  EXPECT_THAT(message_of<PluginFailure>([&] { predictor_.predict({0}); }),
              HasSubstr("predict() gave a mean that is not finite"));
  predictor_.offset = 0.0;
  predictor_.deviation = -0.25;
  EXPECT_THAT(message_of<PluginFailure>([&] { predictor_.predict({0}); }),
              HasSubstr("predict() gave a deviation of -0.25"));
  predictor_.deviation = kNan;
  EXPECT_THAT(message_of<PluginFailure>([&] { predictor_.predict({0}); }),
              HasSubstr("predict() gave a deviation that is not finite"));
  predictor_.deviation = 0.0;
  EXPECT_EQ(predictor_.predict({0}).deviation, 0.0);
}

TEST_F(PredictorTest, ALoadedStatePredictsAlike) {
  fit();
  FirstValue loaded;
  loaded.adapt(space_);
  loaded.load(predictor_.save());
  EXPECT_TRUE(loaded.fitted());
  EXPECT_EQ(loaded.predict({0}).mean, 1.5);
}

TEST_F(PredictorTest, TheStateOfWhatIsNotFittedTakesTheFitAway) {
  const nlohmann::json state = predictor_.save();
  fit();
  predictor_.load(state);
  EXPECT_FALSE(predictor_.fitted());
}

TEST_F(PredictorTest, RefusesTheStateOfAnotherPredictorOrSpace) {
  fit();
  FirstValue other("other");
  other.adapt(space_);
  EXPECT_THAT(
      message_of<Error>([&] { other.load(predictor_.save()); }),
      HasSubstr("the predictor \"other\" cannot continue from this state: it is of another predictor: "
                "\"first_value\""));
  const ThreeOps other_space("other_edge");
  FirstValue elsewhere;
  elsewhere.adapt(other_space);
  EXPECT_THAT(message_of<Error>([&] { elsewhere.load(predictor_.save()); }),
              HasSubstr("it is of another search_space: \"edge\""));
}

TEST_F(PredictorTest, RefusesADamagedState) {
  fit();
  const nlohmann::json good = predictor_.save();
  for (const char* key : {"predictor", "search_space", "fitted", "state"}) {
    nlohmann::json damaged = good;
    damaged.erase(key);
    EXPECT_THAT(message_of<Error>([&] { predictor_.load(damaged); }),
                HasSubstr("cannot continue from this state, which is damaged"));
    EXPECT_FALSE(predictor_.fitted()) << key;
  }
  nlohmann::json damaged = good;
  damaged["state"]["first"] = "text";
  EXPECT_THAT(message_of<Error>([&] { predictor_.load(damaged); }),
              ::testing::AllOf(HasSubstr("cannot continue from this state: it is damaged"),
                               HasSubstr("fit it again")));
}

}  // namespace
}  // namespace espalier
