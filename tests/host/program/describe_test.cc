#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"

namespace espalier::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Describe = ProgramTest;

TEST_F(Describe, FindsTheKindOfAName) {
  const ProgramResult result = espalier({"describe", "regularized_evolution"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, espalier({"describe", "optimizer", "regularized_evolution"}).out);
  EXPECT_EQ(espalier({"describe", "{name: synthetic, classes: 4}", "--json"}).out,
            espalier({"describe", "dataset", "{name: synthetic, classes: 4}", "--json"}).out);
}

TEST_F(Describe, SaysWhichKindsHaveAName) {
  expect_one_error(
      espalier({"describe", "nasbench201"}), 2,
      {"a benchmark and of a search_space",
       "`espalier describe benchmark nasbench201` or `espalier describe search_space nasbench201`"});
  expect_one_error(espalier({"describe", "regularised_evolution"}), 2,
                   {"\"regularised_evolution\"", "nearest:  regularized_evolution"});
  expect_one_error(espalier({"describe", "optimiser"}), 2, {"nearest:  optimizer"});
  expect_one_error(espalier({"describe", "ridge", "predictor"}), 2, {"`espalier describe predictor ridge`"});
}

TEST_F(Describe, ListsTheNamesOfAKind) {
  const ProgramResult predictors = espalier({"describe", "predictor"});
  EXPECT_EQ(predictors.exit_code, 0) << predictors.err;
  EXPECT_THAT(predictors.out, HasSubstr("\nridge "));
  EXPECT_THAT(predictors.out, Not(HasSubstr("random_search")));
  EXPECT_THAT(espalier({"describe", "space"}).out, HasSubstr("\nnasbench201 "));
  const auto json = nlohmann::json::parse(espalier({"describe", "predictor", "--json"}).out);
  EXPECT_EQ(json.at(1).at("name"), "ridge");
  EXPECT_EQ(json.at(1).at("ok"), true);
}

}  // namespace
}  // namespace espalier::testing
