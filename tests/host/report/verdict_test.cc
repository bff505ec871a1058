#include "espalier/host/report/verdict.h"

#include <gmock/gmock.h>

namespace espalier::host::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::vector<TrainedArchitecture> trained(const std::vector<double>& tests, std::uint64_t images = 0) {
  std::vector<TrainedArchitecture> all;
  for (std::size_t seed = 0; seed < tests.size(); ++seed)
    all.push_back(
        {.seed = seed,
         .architecture = "a",
         .result = {.parameters = 1000, .test = tests[seed], .test_images = images, .validation = {}}});
  return all;
}

/// An optimizer with a seed for each of these lists of trainings.
SummaryRow row(const std::string& label, const std::vector<std::vector<double>>& seeds,
               std::uint64_t images = 0) {
  SummaryRow row;
  row.label = label;
  std::vector<double> all;
  for (std::size_t seed = 0; seed < seeds.size(); ++seed) {
    row.results.push_back({.seed = seed, .architecture = "a", .trained = trained(seeds[seed], images)});
    all.insert(all.end(), seeds[seed].begin(), seeds[seed].end());
  }
  row.trained = statistics(all);
  return row;
}

Summary summary(std::vector<SummaryRow> rows, std::vector<BaselineResult> baselines) {
  Summary summary;
  summary.rows = std::move(rows);
  summary.baselines = std::move(baselines);
  return summary;
}

BaselineResult made(const std::string& name, const std::vector<double>& tests, std::uint64_t images = 0) {
  return {.name = name, .random = false, .architecture = "b", .trained = trained(tests, images)};
}
BaselineResult drawn(const std::string& name, const std::vector<double>& tests) {
  return {.name = name, .random = true, .architecture = "c", .trained = trained(tests)};
}

// Integrated numerically from the density of Student's t: df 2.386396639101177, t -2.304775626139095.
TEST(Verdict, OfKnownSamplesIsWelchsTest) {
  const auto all = verdicts(
      summary({row("search", {{92.1}, {93.4}, {92.3}})}, {made("resnet", {93.3, 93.6, 93.5, 93.9})}));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_NEAR(all[0].difference, -0.975, 1e-9);
  EXPECT_NEAR(all[0].p, 0.12695297473736478, 1e-8);
  EXPECT_NEAR(all[0].interval->low, -2.539972226435384, 1e-6);
  EXPECT_NEAR(all[0].interval->high, 0.5899722264354237, 1e-6);
  EXPECT_EQ(all[0].answer, VerdictAnswer::indistinguishable);
}

TEST(Verdict, ComparesArchitecturesWhereThereAreSeveralAndTrainingsOtherwise) {
  // The means of the searches are 91 and 93; their trainings alone would be four values.
  const auto several =
      verdicts(summary({row("search", {{90.0, 92.0}, {92.0, 94.0}})}, {made("resnet", {80, 81})}));
  const auto means = verdicts(summary({row("search", {{91.0}, {93.0}})}, {made("resnet", {80, 81})}));
  EXPECT_EQ(several[0].p, means[0].p);
  // One search that was trained twice is compared by its trainings.
  const auto one = verdicts(summary({row("search", {{91.0, 93.0}})}, {made("resnet", {80, 81})}));
  EXPECT_EQ(one[0].p, means[0].p);
  // So are random ones, all together.
  const auto random = verdicts(
      summary({row("search", {{91.0}, {93.0}})}, {drawn("random_1", {79, 81}), drawn("random_2", {81, 81})}));
  ASSERT_EQ(random.size(), 1U);
  EXPECT_EQ(random[0].baseline, "random");
  EXPECT_EQ(random[0].p, means[0].p);
}

TEST(Verdict, SaysWhichIsBetter) {
  const std::vector<std::vector<double>> high = {{95.0}, {95.1}, {95.2}, {95.1}};
  const auto all = verdicts(
      summary({row("search", high)}, {made("low", {90.0, 90.1, 90.2}), made("higher", {97.0, 97.1, 97.2}),
                                      made("alike", {95.0, 95.2, 95.1}), made("once", {80.0})}));
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].answer, VerdictAnswer::better);
  EXPECT_EQ(all[1].answer, VerdictAnswer::worse);
  EXPECT_EQ(all[2].answer, VerdictAnswer::indistinguishable);
  EXPECT_EQ(all[3].answer, VerdictAnswer::unknown);
  EXPECT_GE(all[0].adjusted_p, all[0].p);
  EXPECT_THAT(sentence(all[0]),
              AllOf(HasSubstr("search is better than low: +5.00 points"), HasSubstr("p 0.")));
  EXPECT_THAT(sentence(all[3]), HasSubstr("cannot tell"));
}

TEST(Verdict, ThreeLooksAreNotOne) {
  // One comparison at p 0.03 is below 0.05; of three such none is, by Holm.
  const std::vector<std::vector<double>> search = {{90.0}, {90.5}, {91.0}};
  const BaselineResult baseline = made("a", {88.6, 89.1, 89.6});
  const auto one = verdicts(summary({row("search", search)}, {baseline}));
  ASSERT_GT(one[0].p, 0.017);
  ASSERT_LT(one[0].p, 0.05);
  EXPECT_EQ(one[0].answer, VerdictAnswer::better);
  const auto three = verdicts(summary({row("search", search)}, {baseline, baseline, baseline}));
  for (const Verdict& verdict : three) EXPECT_EQ(verdict.answer, VerdictAnswer::indistinguishable);
}

TEST(Verdict, EqualAccuraciesOfFewImagesAreNoCertainty) {
  // Two trainings that end at 8 and at 9 of 10 images, each twice: an accuracy has steps of 10 points.
  const auto few =
      verdicts(summary({row("search", {{80.0}, {80.0}}, 10)}, {made("resnet", {90.0, 90.0}, 10)}));
  EXPECT_EQ(few[0].answer, VerdictAnswer::indistinguishable);
  const auto same =
      verdicts(summary({row("search", {{80.0}, {80.0}}, 10)}, {made("resnet", {80.0, 80.0}, 10)}));
  EXPECT_EQ(same[0].difference, 0.0);
  EXPECT_NEAR(same[0].p, 1.0, 1e-12);
}

TEST(PreferredBaseline, IsMadeByHandWhereBothDoNoWorse) {
  const std::vector<std::vector<double>> search = {{95.0}, {95.1}, {95.2}};
  const Summary both = summary({row("search", search)},
                               {drawn("random_1", {95.0, 95.1}), drawn("random_2", {95.2, 95.3}),
                                made("resnet", {95.0, 95.1, 95.3}), made("wide", {95.1, 95.2, 95.3})});
  ASSERT_NE(preferred_baseline(both), nullptr);
  EXPECT_EQ(preferred_baseline(both)->name, "wide");
  EXPECT_THAT(advice(both),
              HasSubstr("not distinguishably better than wide, a network made by hand. Take baselines/wide"));
  const Summary random = summary(
      {row("search", search)},
      {drawn("random_1", {95.0, 95.1}), drawn("random_2", {95.2, 95.3}), made("resnet", {80.0, 80.1, 80.3})});
  EXPECT_EQ(preferred_baseline(random)->name, "random_2");
  const Summary none = summary({row("search", search)}, {made("resnet", {80.0, 80.1, 80.3})});
  EXPECT_EQ(preferred_baseline(none), nullptr);
  EXPECT_THAT(advice(none), HasSubstr("better than every baseline"));
}

TEST(PreferredBaseline, ComparesWithTheBestOptimizer) {
  const Summary two = summary({row("poor", {{80.0}, {80.1}, {80.2}}), row("good", {{95.0}, {95.1}, {95.2}})},
                              {made("resnet", {90.0, 90.1, 90.2})});
  EXPECT_EQ(preferred_baseline(two), nullptr);
}

TEST(VerdictText, IsEmptyWithoutBaselines) {
  EXPECT_EQ(verdict_text(summary({row("search", {{95.0}, {95.1}})}, {})), "");
  EXPECT_EQ(advice(summary({row("search", {{95.0}, {95.1}})}, {})), "");
}

TEST(VerdictText, ListsSizesAndAccuracies) {
  const std::string text =
      verdict_text(summary({row("search", {{95.0}, {95.2}})}, {made("resnet", {90.0, 90.2})}));
  EXPECT_THAT(text, AllOf(HasSubstr("1,000"), HasSubstr("95.10 ± 0.14"), HasSubstr("90.10 ± 0.14")));
}

}  // namespace
}  // namespace espalier::host::testing
