#include <gmock/gmock.h>

#include <string>

#include "espalier/errors/errors.h"
#include "host/run/run_fixture.h"

namespace espalier::host {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::message_of;
using ::testing::Not;

std::string refusal_of(const std::string& text) {
  return message_of<UsageError>([&] { testing::run_quietly(text, "/nonexistent/run"); });
}

TEST(CheckNames, AnUnknownNameComesBeforeAllThatFollowsFromIt) {
  const std::string rest =
      "benchmark: {name: nasbench201, file: /nowhere.csv.gz}\ntrainer: discrete\nseed: 0\n"
      "paper_results: {figures: {regularized_evolution: {mean: 94.23}}}\n";
  EXPECT_THAT(refusal_of("search_space: nasbench201\noptimizer: regularised_evolution\n" + rest),
              AllOf(HasSubstr("test.yaml:2:12"), HasSubstr("no optimizer named 'regularised_evolution'"),
                    HasSubstr("nearest:  regularized_evolution"), Not(HasSubstr("paper_results"))));
  EXPECT_THAT(
      refusal_of("search_space: nasbench201\noptimizer: [random_search, {name: randm_search}]\n" + rest),
      HasSubstr("test.yaml:2:28: no optimizer named 'randm_search'"));
  EXPECT_THAT(
      refusal_of("search_space: nasbench201\noptimizer: random_search\nevaluate: {name: from_scrach}\n"
                 "dataset: image_folder\n" +
                 rest),
      HasSubstr("test.yaml:3:11: no trainer named 'from_scrach'"));
}

TEST(CheckNames, AMisspeltLabelOfAPapersResultIsRefused) {
  EXPECT_THAT(
      refusal_of("search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n"
                 "trainer: discrete\nseed: 0\npaper_results: {figures: {randm_search: {mean: 94}}}\n"),
      AllOf(HasSubstr("test.yaml:6:"), HasSubstr("\"randm_search\""), HasSubstr("nearest:  random_search")));
}

}  // namespace
}  // namespace espalier::host
