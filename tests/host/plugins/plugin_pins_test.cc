#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "espalier/errors/errors.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/search/optimizer.h"
#include "host/program/expect_one_error.h"
#include "host/program/program_fixture.h"
#include "paths.h"

namespace espalier::testing {
namespace {

using host::PluginRegistry;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const fs::path kGood = fs::path(paths::fixture_plugins) / "good";

class PluginPinsTest : public ProgramTest {
 protected:
  std::string hashes() const { return espalier({"plugins", "--hashes"}).out; }
  ProgramResult run_with(const std::string& pins, const Environment& environment = {}) const {
    write("config.yaml",
          "search_space: nasbench201\noptimizer: random_search\nbenchmark: nasbench201\n"
          "trainer: {name: discrete, trials: 3}\nseed: 0\n" +
              pins);
    return espalier({"run", "config.yaml", "--quiet"}, environment);
  }
};

TEST_F(PluginPinsTest, AHashIsTheSha256OfTheFile) {
  write("abc", "abc");  // the first example of FIPS 180-2
  EXPECT_EQ(PluginRegistry::hash(folder_ / "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  write("empty", "");
  EXPECT_EQ(PluginRegistry::hash(folder_ / "empty"),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_THROW(PluginRegistry::hash(folder_ / "missing"), Error);
}

TEST_F(PluginPinsTest, WhatHashesPrintsPinsARun) {
  const ProgramResult result = run_with(hashes());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string hash =
      PluginRegistry::hash(fs::path(paths::build) / "lib/espalier/plugins/optimizer_random_search.so");
  EXPECT_THAT(hashes(), HasSubstr("    optimizer/random_search: " + hash + "\n"));
  EXPECT_THAT(text_of(folder_ / "runs/config/inputs.json"),
              AllOf(HasSubstr("optimizer/random_search"), HasSubstr(hash)));
  EXPECT_EQ(text_of(folder_ / "runs/config/config.yaml").find(hash), std::string::npos)
      << "what a run means does not depend on it";
}

TEST_F(PluginPinsTest, APinnedRunGoesOn) {
  const ProgramResult first = run_with(hashes());
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const ProgramResult resumed = espalier({"resume", "runs/config", "trainer.trials=5", "--quiet"});
  EXPECT_EQ(resumed.exit_code, 0) << "its plugins are compared with those it began with: " << resumed.err;
  const ProgramResult again = espalier({"run", "config.yaml", "trainer.trials=6", "--quiet"});
  EXPECT_EQ(again.exit_code, 0) << "the pins are no part of what a run means: " << again.err;
}

TEST_F(PluginPinsTest, AnotherFileIsRefusedBeforeItsCodeRuns) {
  const fs::path file = fs::path(paths::fixture_plugins) / "bystander" / "named.so";
  const std::string trace = (folder_ / "trace").string();
  const std::string pins = hashes() + "    optimizer/named: " + std::string(64, '0') +
                           "\nplugin_path: " + file.parent_path().string() + "\n";
  write("config.yaml",
        "search_space: nasbench201\noptimizer: named\nbenchmark: nasbench201\n"
        "trainer: {name: discrete, trials: 3}\nseed: 0\n" +
            pins);
  const ProgramResult result =
      espalier({"run", "config.yaml", "--quiet"}, {{"ESPALIER_FIXTURE_TRACE", trace}});
  expect_one_error(result, 1,
                   {"named.so", "is refused", PluginRegistry::hash(file), std::string(64, '0'), "remedy: "});
  EXPECT_THAT(text_of(trace), IsEmpty());
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
}

TEST_F(PluginPinsTest, APluginWithoutAPinIsRefused) {
  const std::string all = hashes();
  const std::size_t line = all.find("    trainer/discrete");
  ASSERT_NE(line, std::string::npos);
  const std::string others = all.substr(0, line) + all.substr(all.find('\n', line) + 1);
  expect_one_error(
      run_with(others), 2,
      {"config.yaml:4:10", "trainer 'discrete' is not among the plugins", "trainer/discrete", "remedy: "});
}

TEST_F(PluginPinsTest, MistakesInPinsAreNamed) {
  const std::string zeros(64, '0');
  expect_one_error(run_with("plugins: {require: {random_search: " + zeros + "}}\n"), 2,
                   {"config.yaml:6:21", "\"random_search\" names no plugin", "KIND/NAME"});
  expect_one_error(run_with("plugins: {require: {optimiser/random_search: " + zeros + "}}\n"), 2,
                   {"nearest:  optimizer"});
  expect_one_error(run_with("plugins: {require: {optimizer/random_search: 123}}\n"), 2,
                   {"not the SHA-256 of optimizer/random_search", "64 hexadecimal digits", "remedy: "});
  expect_one_error(run_with("plugins: {require: {}}\n"), 2, {"names no plugin", "--hashes"});
  expect_one_error(run_with("plugins: {requires: {}}\n"), 2, {"\"requires\"", "expected: "});
  expect_one_error(run_with("plugins: [nasbench201]\n"), 2, {"plugins is not a map", "expected: "});
}

TEST_F(PluginPinsTest, OnlyThePluginsThatAreNamedAreOpened) {
  const std::string folder = (fs::path(paths::fixture_plugins) / "bystander").string();
  const std::string trace = (folder_ / "trace").string();
  const Environment environment = {{"ESPALIER_FIXTURE_TRACE", trace}};
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"plugins"}, {"plugins", "--json"}, {"plugins", "--hashes"}}) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--plugin-path", folder});
    EXPECT_EQ(espalier(arguments, environment).exit_code, 0);
    EXPECT_THAT(text_of(trace), IsEmpty()) << command.back();
  }
  EXPECT_EQ(espalier({"describe", "optimizer", "named", "--plugin-path", folder}, environment).exit_code, 0);
  EXPECT_EQ(text_of(trace), fs::canonical(folder).string() + "/named.so\n");
  write("config.yaml",
        "search_space: nasbench201\noptimizer: named\nbenchmark: nasbench201\n"
        "trainer: {name: discrete, trials: 3}\nseed: 0\nplugin_path: " +
            folder + "\n");
  fs::remove(trace);
  EXPECT_EQ(espalier({"run", "config.yaml", "--quiet"}, environment).exit_code, 0);
  EXPECT_EQ(text_of(trace), fs::canonical(folder).string() + "/named.so\n");
}

}  // namespace
}  // namespace espalier::testing
