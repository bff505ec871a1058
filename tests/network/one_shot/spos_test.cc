#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "espalier/errors/errors.h"
#include "espalier/space/architecture_json.h"
#include "network/one_shot/path_search.h"

namespace espalier::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

/// What was judged, with accuracies; the best first.
std::vector<std::pair<double, Architecture>> judged_by(PathSearch& search) {
  return search->save().at("state").at("judged").get<std::vector<std::pair<double, Architecture>>>();
}

std::set<Architecture> architectures_of(const std::vector<std::pair<double, Architecture>>& judged) {
  std::set<Architecture> all;
  for (const auto& [accuracy, architecture] : judged) all.insert(architecture);
  return all;
}

std::size_t choices_apart(const Architecture& a, const Architecture& b) {
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.size(); ++i) different += a[i] != b[i] ? 1 : 0;
  return different;
}

TEST(SposTest, PathsAreUniformAndOneForEachStep) {
  const ChainSpace space;
  PathSearch whole(space, "spos");
  PathSearch in_parts(space, "spos", "", {.accumulation = 3});
  std::map<Architecture, int> counts;
  constexpr int kDrawn = 600;
  for (int i = 0; i < kDrawn; ++i) {
    whole.step();
    ++counts[whole.path()];
    if (i >= 50) continue;
    in_parts.step();
    ASSERT_EQ(in_parts.path(), whole.path()) << "step " << i;
  }
  double chi_square = 0.0;
  for (double index = 0; index < space.size(); ++index) {
    const double mean = kDrawn / space.size();
    const double count = counts[space.at(static_cast<std::uint64_t>(index))];
    chi_square += (count - mean) * (count - mean) / mean;
  }
  EXPECT_LT(chi_square, 20.5) << "99.9 % of all samples, five degrees of freedom";
}

TEST(SposTest, OnlyTheWeightsOfThePathMove) {
  const NestedSpace space;
  PathSearch search(space, "spos");
  EXPECT_FALSE(search->uses_validation());
  const at::Tensor small = search.parameter("relu_conv_bn_1x1.conv.weight");
  const at::Tensor large = search.parameter("relu_conv_bn_3x3.conv.weight");
  std::set<std::pair<bool, bool>> seen;
  for (int i = 0; i < 30; ++i) {
    const at::Tensor small_before = small.detach().clone();
    const at::Tensor large_before = large.detach().clone();
    EXPECT_FALSE(search.step().validation.has_value());
    const Architecture path = search.path();
    const bool runs_small = path[0] == 0 && path[1] == 1;  // the inner choice, and the node
    const bool runs_large = path[0] == 1 && path[1] == 1;
    EXPECT_EQ(!at::equal(small, small_before), runs_small) << "neither decay nor momentum without a gradient";
    EXPECT_EQ(!at::equal(large, large_before), runs_large);
    seen.insert({runs_small, runs_large});
  }
  EXPECT_EQ(seen.size(), 3U) << "either convolution ran after steps with momentum, and neither did";
}

TEST(SposTest, TheLastGenerationCountsToo) {
  const ChainSpace space;
  PathSearch search(space, "spos", "{generations: 1, population: 6}");
  search.step();
  EXPECT_FALSE(search->has_found());
  try {
    (void)search->final_architecture();
    FAIL() << "nothing was judged";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("found no architecture"));
  }
  search.see_colors();
  search.finish();
  const auto judged = judged_by(search);
  ASSERT_EQ(judged.size(), 6U) << "the whole space";
  for (const auto& [accuracy, architecture] : judged)
    EXPECT_DOUBLE_EQ(accuracy, architecture[0] != 0 && architecture[1] != 0 ? 1.0 : 1.0 / 3.0);
  EXPECT_TRUE(search->has_found());
  EXPECT_NE(search->final_architecture()[0], 0);
  EXPECT_NE(search->final_architecture()[1], 0);
  EXPECT_EQ(search->figures().at("judged"), 6.0);
  EXPECT_EQ(search->figures().at("best_accuracy"), 100.0);
}

class SposEvolution : public ::testing::Test {
 protected:
  /// Trains a little, and judges the first generation.
  PathSearch begin(const std::string& options) {
    PathSearch search(*space_, "spos",
                      "{generations: 2, population: 16, recalibration_batches: 1, " + options + "}");
    for (int i = 0; i < 3; ++i) search.step();
    search.finish(16);
    first_ = judged_by(search);
    return search;
  }
  /// The second generation.
  std::set<Architecture> children(PathSearch& search) {
    search.finish(16);
    std::set<Architecture> found = architectures_of(judged_by(search));
    for (const auto& [accuracy, architecture] : first_) found.erase(architecture);
    return found;
  }

  std::unique_ptr<SearchSpace> space_ = host::Host().search_space(
      "nasbench201", "{channels: 1, cells_per_stage: 1, image_size: 4, classes: 3}");
  std::vector<std::pair<double, Architecture>> first_;
};

TEST_F(SposEvolution, MutantsChangeFewChoicesOfTheBest) {
  PathSearch search = begin("parents: 1, mutations: 16");
  const std::set<Architecture> mutants = children(search);
  EXPECT_EQ(mutants.size(), 16U) << "no repeats";
  std::size_t changes = 0;
  for (const Architecture& mutant : mutants) changes += choices_apart(mutant, first_.front().second);
  EXPECT_LE(changes, 16U * 2) << "random ones differ in 4.8 choices each";
}

TEST_F(SposEvolution, CrossoversTakeEachChoiceFromOneOfTheirParents) {
  PathSearch search = begin("parents: 3, mutations: 0, crossovers: 16");
  std::size_t between_first_two = 0;
  for (const Architecture& child : children(search)) {
    for (std::size_t i = 0; i < child.size(); ++i)
      EXPECT_TRUE(child[i] == first_[0].second[i] || child[i] == first_[1].second[i] ||
                  child[i] == first_[2].second[i]);
    const bool mixes = choices_apart(child, first_[0].second) + choices_apart(child, first_[1].second) ==
                       choices_apart(first_[0].second, first_[1].second);
    between_first_two += mixes ? 1 : 0;
  }
  EXPECT_GT(between_first_two, 0U);
}

TEST_F(SposEvolution, WhatIsNeitherMutantNorCrossoverIsRandom) {
  PathSearch search = begin("parents: 1, mutations: 0, crossovers: 0");
  std::size_t changes = 0;
  for (const Architecture& child : children(search)) changes += choices_apart(child, first_.front().second);
  EXPECT_GT(changes, 16U * 4);
}

TEST_F(SposEvolution, EndsOnTheBestOfAllThatWereJudged) {
  PathSearch search = begin("parents: 4");
  search.finish();
  const auto judged = judged_by(search);
  EXPECT_EQ(architectures_of(judged).size(), 32U);
  const auto best = std::ranges::max_element(judged, {}, [](const auto& each) { return each.first; });
  EXPECT_EQ(search->final_architecture(), best->second);
  EXPECT_EQ(search->figures().at("best_accuracy"), 100.0 * best->first);
}

TEST(SposTest, JudgesEachArchitectureOfASmallSpaceOnce) {
  const NestedSpace space;
  PathSearch search(space, "spos", "{recalibration_batches: 1}");
  search.step();
  search.finish();
  const auto judged = judged_by(search);
  EXPECT_EQ(judged.size(), 9U);
  EXPECT_EQ(architectures_of(judged).size(), 9U);
  for (const auto& [accuracy, architecture] : judged) EXPECT_TRUE(space.is_valid(architecture));
}

TEST(SposTest, WhatIsNotAllowedIsNeitherTrainedNorJudged) {
  const NestedSpace space;
  const auto allowed = [](const Architecture& architecture) { return architecture[kInner] == 0; };
  PathSearch search(space, "spos", "{recalibration_batches: 1}", {.allowed = allowed});
  const at::Tensor large = search.parameter("relu_conv_bn_3x3.conv.weight");
  const at::Tensor before = large.detach().clone();
  for (int i = 0; i < 20; ++i) search.step();
  EXPECT_TRUE(at::equal(large, before));
  search.finish();
  const auto judged = judged_by(search);
  EXPECT_EQ(judged.size(), 6U);
  for (const auto& [accuracy, architecture] : judged) EXPECT_TRUE(allowed(architecture));

  PathSearch impossible(space, "spos", "", {.allowed = [](const Architecture&) { return false; }});
  try {
    impossible.step();
    FAIL() << "a path that is not allowed was trained";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("constraints refused"));
  }
}

TEST(SposTest, ResumesBetweenAnyTwoParts) {
  const NestedSpace space;  // with a dropout, which recalibration runs
  const char* options = "{generations: 3, population: 3, parents: 2, recalibration_batches: 2}";
  PathSearch whole(space, "spos", options, {.batch_size = 8});
  std::vector<json> states;
  for (int i = 0; i < 2; ++i) whole.step();
  do states.push_back(whole->save());
  while (whole.finish(1));
  ASSERT_GT(states.size(), 7U);
  for (const json& state : states) {
    PathSearch resumed(space, "spos", options, {.batch_size = 8});
    resumed.load(state);
    resumed.finish();
    EXPECT_EQ(resumed->save(), whole->save());
  }
}

TEST(SposTest, RefusesMoreChildrenThanAGenerationHas) {
  EXPECT_NO_THROW(host::Host().optimizer("spos", "{population: 10}"));
  EXPECT_NO_THROW(host::Host().optimizer("spos", "{mutations: 40}"));
  try {
    host::Host().optimizer("spos", "{population: 10, mutations: 6, crossovers: 5}");
    FAIL() << "eleven of ten";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("from 0 to 4"));
  }
}

}  // namespace
}  // namespace espalier::testing
