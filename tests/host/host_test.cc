#include "espalier/host/host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "espalier/errors/errors.h"
#include "paths.h"

namespace espalier::host {
namespace {

using ::testing::HasSubstr;

const std::string kGood = std::string(paths::fixture_plugins) + "/good";

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(HostTest, SearchesWithPluginsByName) {
  Host host({kGood});
  const auto space = host.search_space("good");
  const auto optimizer = host.optimizer("good", "{first: true}");
  const auto benchmark = host.benchmark("good", *space);
  const auto trainer = host.trainer("good", "");
  EXPECT_EQ(&benchmark->space(), space.get());

  const ObjectiveFunction objective(*benchmark);
  optimizer->adapt(objective.problem(0, trainer->budget()));
  const SearchResult result = trainer->search(*optimizer, {.objective = &objective});
  EXPECT_EQ(result.trials, 1U);
  EXPECT_EQ(result.architecture, space->at(0));
}

TEST(HostTest, OptionsAreYaml) {
  Host host({kGood});
  EXPECT_NO_THROW(host.optimizer("good", "first: true"));
  EXPECT_NO_THROW(host.optimizer("good", "{}"));
  EXPECT_THROW(host.optimizer("good", "{first: 3}"), UsageError);
  EXPECT_THROW(host.optimizer("good", "{first"), UsageError);
  EXPECT_THROW(host.optimizer("good", "[1, 2]"), UsageError);
  EXPECT_THROW(host.optimizer("good", "first"), UsageError);
}

TEST(HostTest, AMistakeInAnOptionNamesItsPlace) {
  Host host({kGood});
  try {
    host.optimizer("good", "first: true\nfrist: true");
    FAIL() << "an unknown option was taken";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.details().where, HasSubstr("options of optimizer good:2:1"));
    EXPECT_EQ(error.details().nearest, "first");
  }
}

TEST(HostTest, TheDocumentationShowsTheProgramThatTheTestsRun) {
  const std::string page = text_of(std::string(paths::source) + "/docs/cpp-library.md");
  const std::string program = text_of(std::string(paths::source) + "/docs/examples/search.cc");
  EXPECT_THAT(page, HasSubstr("```cpp\n" + program + "```\n"));
}

}  // namespace
}  // namespace espalier::host
