#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "espalier/data/dataset.h"
#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/predictor.h"
#include "espalier/search/trainer.h"
#include "paths.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

const fs::path kFixtures = paths::fixture_plugins;

Config options(const std::string& kind, const std::string& yaml) {
  return Config(parse_yaml(yaml, "test.yaml"), kind);
}

/// The plugins of tests/fixtures/plugins/throws, which throw in the call that they are told, and good ones.
struct Plugins {
  std::unique_ptr<SearchSpace> space() {
    return registry.make<SearchSpace>("throws", options("search_space", yaml));
  }
  std::unique_ptr<DiscreteOptimizer> optimizer() {
    auto plugin = registry.make<Optimizer>("throws", options("optimizer", yaml));
    plugin->adapt({.space = *good_space, .seed = 7});
    return std::unique_ptr<DiscreteOptimizer>(&dynamic_cast<DiscreteOptimizer&>(*plugin.release()));
  }
  std::unique_ptr<Benchmark> benchmark() {
    auto plugin = registry.make<Benchmark>("throws", options("benchmark", yaml));
    plugin->adapt(*good_space);
    return plugin;
  }
  std::unique_ptr<Trainer> trainer() { return registry.make<Trainer>("throws", options("trainer", yaml)); }
  std::unique_ptr<Dataset> dataset() { return registry.make<Dataset>("throws", options("dataset", yaml)); }

  std::unique_ptr<Predictor> predictor() {
    auto plugin = registry.make<Predictor>("throws", options("predictor", yaml));
    plugin->adapt(*good_space);
    plugin->fit(std::vector<Architecture>{{0}, {1}}, std::vector<double>{1.0, 2.0}, 0);
    return plugin;
  }

  std::string yaml;
  PluginRegistry registry{{kFixtures / "throws", kFixtures / "good"}};
  std::unique_ptr<SearchSpace> good_space = registry.make<SearchSpace>("good");
  Rng rng{1, "test", 0};
};

/// One call that throws: which, what errors call it, and how it is reached.
struct Call {
  std::string kind;
  std::string name;
  std::string spoken;
  std::function<void(Plugins&)> reach;
};

void PrintTo(const Call& call, std::ostream* stream) { *stream << call.kind << ", " << call.name; }

class PluginExceptionTest : public ::testing::TestWithParam<Call> {
 protected:
  static ErrorDetails details_of(const std::string& what) {
    Plugins plugins{.yaml = "{call: " + GetParam().name + ", what: " + what + "}"};
    try {
      GetParam().reach(plugins);
    } catch (const Error& error) {
      return error.details();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
  }
};

TEST_P(PluginExceptionTest, NamesThePluginItsFileAndTheCall) {
  const ErrorDetails details = details_of("exception");
  EXPECT_EQ(details.what, "the plugin's " + GetParam().spoken + " failed: the table is upside down");
  EXPECT_THAT(details.where, AllOf(HasSubstr(GetParam().kind + " 'throws'"), HasSubstr("fixtures/throws/")));
  EXPECT_THAT(details.remedy, HasSubstr("report it to its author"));
}

TEST_P(PluginExceptionTest, WhatIsNoExceptionIsNamedAsWell) {
  const ErrorDetails details = details_of("number");
  EXPECT_EQ(details.what,
            "the plugin's " + GetParam().spoken + " failed: it threw something that is no std::exception");
  EXPECT_THAT(details.where, HasSubstr(GetParam().kind + " 'throws'"));
}

TEST_P(PluginExceptionTest, AnErrorWithoutAPlaceGainsTheOwner) {
  const ErrorDetails details = details_of("error");
  EXPECT_THAT(details.what, HasSubstr("no table"));
  EXPECT_EQ(details.remedy, "bring one");
  EXPECT_THAT(details.where, HasSubstr(GetParam().kind + " 'throws'"));
}

const Query kQuery{.metric = "accuracy", .dataset = "none", .epoch = 1};

INSTANTIATE_TEST_SUITE_P(
    Optimizer, PluginExceptionTest,
    ::testing::Values(Call{"optimizer", "constructor", "constructor", [](Plugins& p) { p.optimizer(); }},
                      Call{"optimizer", "adapt", "adapt()", [](Plugins& p) { p.optimizer(); }},
                      Call{"optimizer", "ask", "ask()", [](Plugins& p) { p.optimizer()->ask(); }},
                      Call{"optimizer", "tell", "tell()",
                           [](Plugins& p) {
                             const auto optimizer = p.optimizer();
                             optimizer->tell(optimizer->ask(), {.values = {1.0}, .seconds = 1.0});
                           }},
                      Call{"optimizer", "save", "save()", [](Plugins& p) { p.optimizer()->save(); }},
                      Call{"optimizer", "final_architecture", "final_architecture()",
                           [](Plugins& p) { p.optimizer()->final_architecture(); }},
                      Call{"optimizer", "load", "load()",
                           [](Plugins& p) { p.optimizer()->load(p.optimizer()->save()); }}));

INSTANTIATE_TEST_SUITE_P(
    SearchSpace, PluginExceptionTest,
    ::testing::Values(
        Call{"search_space", "constructor", "constructor", [](Plugins& p) { p.space(); }},
        Call{"search_space", "sample", "sample()", [](Plugins& p) { p.space()->sample(p.rng); }},
        Call{"search_space", "mutate", "mutate()", [](Plugins& p) { p.space()->mutate({0}, p.rng); }},
        Call{"search_space", "neighbours", "neighbours()", [](Plugins& p) { p.space()->neighbours({0}); }},
        Call{"search_space", "to_string", "to_string()", [](Plugins& p) { p.space()->to_string({0}); }},
        Call{"search_space", "parse", "parse()", [](Plugins& p) { p.space()->parse("x"); }},
        Call{"search_space", "check", "check()", [](Plugins& p) { p.space()->check({0}); }},
        Call{"search_space", "size", "size()", [](Plugins& p) { p.space()->size(); }},
        Call{"search_space", "at", "at()", [](Plugins& p) { p.space()->at(0); }},
        Call{"search_space", "index_of", "index_of()", [](Plugins& p) { p.space()->index_of({0}); }},
        Call{"search_space", "discretize", "discretize()",
             [](Plugins& p) {
               p.space()->discretize({{0.0, 1.0}});
             }},
        Call{"search_space", "prepare_discretization", "prepare_discretization hook",
             [](Plugins& p) { p.space()->instantiate({0}); }},
        Call{"search_space", "prepare_evaluation", "prepare_evaluation hook",
             [](Plugins& p) { p.space()->instantiate({0}); }}));

INSTANTIATE_TEST_SUITE_P(
    Benchmark, PluginExceptionTest,
    ::testing::Values(
        Call{"benchmark", "constructor", "constructor", [](Plugins& p) { p.benchmark(); }},
        Call{"benchmark", "spaces", "spaces()", [](Plugins& p) { p.benchmark(); }},
        Call{"benchmark", "load", "adapt()", [](Plugins& p) { p.benchmark(); }},
        Call{"benchmark", "metrics", "metrics()", [](Plugins& p) { p.benchmark()->query({0}, kQuery); }},
        Call{"benchmark", "datasets", "datasets()", [](Plugins& p) { p.benchmark()->query({0}, kQuery); }},
        Call{"benchmark", "epochs", "epochs()", [](Plugins& p) { p.benchmark()->query({0}, kQuery); }},
        Call{"benchmark", "value", "value()", [](Plugins& p) { p.benchmark()->query({0}, kQuery); }},
        Call{"benchmark", "value", "values()",
             [](Plugins& p) { ObjectiveFunction(*p.benchmark()).outcome(Architecture{0}, 1); }}));

void search(Plugins& plugins) {
  const auto optimizer = plugins.registry.make<Optimizer>("good");
  optimizer->adapt({.space = *plugins.good_space, .seed = 0});
  plugins.trainer()->search(*optimizer, {});
}

void evaluate(Plugins& plugins) {
  NullJournal journal;
  plugins.trainer()->evaluate(*plugins.good_space, {0}, *plugins.registry.make<Dataset>("good"), 0, journal);
}

INSTANTIATE_TEST_SUITE_P(
    Trainer, PluginExceptionTest,
    ::testing::Values(Call{"trainer", "constructor", "constructor", [](Plugins& p) { p.trainer(); }},
                      Call{"trainer", "growing_options", "growing_options()",
                           [](Plugins& p) { p.trainer()->growing_options(); }},
                      Call{"trainer", "check", "check()", search},
                      Call{"trainer", "search", "search()", search},
                      Call{"trainer", "check_evaluation", "check_evaluation()", evaluate},
                      Call{"trainer", "evaluate", "evaluate()", evaluate}));

void load(Plugins& plugins) { plugins.dataset()->read(Split::train); }

INSTANTIATE_TEST_SUITE_P(
    Dataset, PluginExceptionTest,
    ::testing::Values(Call{"dataset", "constructor", "constructor", [](Plugins& p) { p.dataset(); }},
                      Call{"dataset", "load", "read()", load}, Call{"dataset", "shape", "shape()", load},
                      Call{"dataset", "classes", "classes()", load}));

INSTANTIATE_TEST_SUITE_P(
    Predictor, PluginExceptionTest,
    ::testing::Values(Call{"predictor", "constructor", "constructor", [](Plugins& p) { p.predictor(); }},
                      Call{"predictor", "adapt", "adapt()", [](Plugins& p) { p.predictor(); }},
                      Call{"predictor", "fit", "fit()", [](Plugins& p) { p.predictor(); }},
                      Call{"predictor", "predict", "predict()",
                           [](Plugins& p) { p.predictor()->predict({0}); }},
                      Call{"predictor", "save", "save()", [](Plugins& p) { p.predictor()->save(); }},
                      Call{"predictor", "load", "load()", [](Plugins& p) {
                             const auto predictor = p.predictor();
                             predictor->load(predictor->save());
                           }}));

TEST(PluginErrorTest, AUsageErrorStaysOne) {
  Plugins plugins{.yaml = "{call: ask, what: usage}"};
  const auto optimizer = plugins.optimizer();
  try {
    optimizer->ask();
    FAIL() << "nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_EQ(error.details().what, "two is odd");
    EXPECT_THAT(error.details().where, HasSubstr("optimizer 'throws'"));
  }
}

TEST(PluginErrorTest, TheInnermostPluginIsNamed) {
  Plugins plugins{.yaml = "{call: ask}"};
  const auto optimizer = plugins.optimizer();
  const auto benchmark = plugins.registry.make<Benchmark>("good");
  benchmark->adapt(*plugins.good_space);
  try {
    const ObjectiveFunction objective(*benchmark);
    plugins.registry.make<Trainer>("good")->search(*optimizer, {.objective = &objective});
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.details().where, HasSubstr("optimizer 'throws'"));
    EXPECT_THAT(error.details().what, HasSubstr("ask()"));
  }
}

/// The same source as of the optimizer above.
TEST(PluginErrorTest, APluginOfAnotherCompilerWorksAndItsExceptionsArrive) {
  const fs::path folder = kFixtures / "clang_built";
  if (!fs::exists(folder / "optimizer.so")) GTEST_SKIP() << "no clang++ here, or the host is built by it";
  PluginRegistry registry({folder, kFixtures / "good"});
  const auto space = registry.make<SearchSpace>("good");
  const auto benchmark = registry.make<Benchmark>("good");
  benchmark->adapt(*space);
  const auto search = [&](const std::string& yaml) {
    const auto optimizer = registry.make<Optimizer>("throws", options("optimizer", yaml));
    const ObjectiveFunction objective(*benchmark);
    optimizer->adapt(objective.problem(0));
    const SearchResult result = registry.make<Trainer>("good")->search(*optimizer, {.objective = &objective});
    optimizer->load(optimizer->save());
    return result;
  };
  EXPECT_EQ(search("{}").trials, 1U);
  for (const auto& [what, said] :
       std::map<std::string, std::string>{{"exception", "the table is upside down"},
                                          {"number", "no std::exception"},
                                          {"error", "no table"}}) {
    try {
      search("{call: ask, what: " + what + "}");
      FAIL() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr(said), HasSubstr("clang_built/optimizer.so")));
    }
  }
}

}  // namespace
}  // namespace espalier::host
