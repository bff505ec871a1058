#include <gmock/gmock.h>

#include "espalier/host/plugins/plugin_registry.h"
#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"
#include "paths.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

fs::path fixture(const std::string& name) { return fs::path(paths::fixture_plugins) / name / "plugin.so"; }

std::string problem(const std::string& name, std::chrono::duration<double> limit = std::chrono::minutes(1)) {
  return host::PluginRegistry::check(fixture(name), true, limit).problem;
}

TEST(PluginTrialTest, SaysHowLoadingEnded) {
  EXPECT_EQ(problem("crashes_at_load"), "crashes while it is loaded: signal 11 (Segmentation fault)");
  EXPECT_EQ(problem("aborts_at_load"), "crashes while it is loaded: signal 6 (Aborted)");
  EXPECT_EQ(problem("exits_at_load"), "ends the program while it is loaded");
  EXPECT_EQ(problem("hangs_at_load", std::chrono::milliseconds(500)),
            "hangs while it is loaded: it has not ended after 0.5 s");
}

TEST(PluginTrialTest, LoadsNothingIntoThisProcess) {
  const fs::path file = fs::path(paths::fixture_plugins) / "bystander" / "bystander.so";
  EXPECT_EQ(host::PluginRegistry::check(file).problem, "");
  EXPECT_EQ(text_of("/proc/self/maps").find("bystander.so"), std::string::npos);
}

using PluginTrialProgramTest = ProgramTest;

TEST_F(PluginTrialProgramTest, AnExceptionOfTheInitializationIsAnErrorInTheProgramItself) {
  const std::string folder = (fs::path(paths::fixture_plugins) / "throws_at_load").string();
  const ProgramResult result = espalier({"describe", "optimizer", "throws_at_load", "--plugin-path", folder});
  expect_one_error(result, 1,
                   {"optimizer 'throws_at_load'", "initialization failed: the table is upside down"});
}

TEST_F(PluginTrialProgramTest, OneThatCrashesDoesNotKeepTheOthersFromBeingChecked) {
  const std::string good = (fs::path(paths::fixture_plugins) / "good" / "optimizer.so").string();
  const ProgramResult result =
      espalier({"plugins", "check", fixture("crashes_at_load"), good, fixture("not_there")});
  expect_one_error(result, 1, {"plugins: 2 of 3 would not load"});
  EXPECT_THAT(result.out, AllOf(HasSubstr("crashes while it is loaded"), HasSubstr("good/optimizer.so"),
                                HasSubstr("ok"), HasSubstr("No such file")));
}

TEST_F(PluginTrialProgramTest, WithoutAFileAllThatAreFoundAreChecked) {
  const ProgramResult result = espalier({"plugins", "check"});
  EXPECT_EQ(result.exit_code, 0) << result.err << result.out;
  EXPECT_THAT(result.out, AllOf(HasSubstr("random_search"), HasSubstr("ok")));

  const ProgramResult broken =
      espalier({"plugins", "check", "--plugin-path", fixture("missing_symbol").parent_path().string()});
  expect_one_error(broken, 1, {"1 of"});
  EXPECT_THAT(broken.out, HasSubstr("nowhere::defined(int)"));
}

}  // namespace
}  // namespace espalier::testing
