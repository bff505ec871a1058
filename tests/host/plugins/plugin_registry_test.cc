#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/layer.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <set>

#include "espalier/data/dataset.h"
#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"
#include "espalier/plugin/abi.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/optimizer.h"
#include "espalier/search/predictor.h"
#include "espalier/search/trainer.h"
#include "espalier/space/search_space.h"
#include "paths.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

fs::path folder(const std::string& name) { return fs::path(paths::fixture_plugins) / name; }
fs::path fixture(const std::string& name) { return folder(name) / "plugin.so"; }

template <class Thrown = Error, class Function>
ErrorDetails details_of(Function function) {
  try {
    function();
  } catch (const Thrown& error) {
    return error.details();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

ErrorDetails create_error(const std::string& name) {
  PluginRegistry registry({folder(name)});
  return details_of([&] { registry.make<Optimizer>(name); });
}

Config options(const std::string& yaml) { return Config(parse_yaml(yaml, "test.yaml"), "optimizer"); }

TEST(PluginRegistryTest, CreatesEveryKindByName) {
  PluginRegistry registry({folder("good")});
  EXPECT_EQ(registry.make<SearchSpace>("good")->size(), 2.0);
  EXPECT_EQ(registry.make<Optimizer>("good")->name(), "good");
  EXPECT_THAT(registry.make<Benchmark>("good")->spaces(), ::testing::ElementsAre("good"));
  EXPECT_NE(registry.make<Trainer>("good"), nullptr);
  EXPECT_EQ(registry.make<Dataset>("good")->read(Split::train).size(), 1U);
  EXPECT_FALSE(registry.make<Predictor>("good")->fitted());
  for (const std::string& kind : plugin_kinds()) {
    EXPECT_EQ(registry.make(kind, "good")->name(), "good");
  }
}

TEST(PluginRegistryTest, ListTellsWhatTheSectionsSay) {
  const PluginRegistry registry({folder("good"), folder("nowhere"), folder("no_plugin")});
  const std::vector<PluginFile> files = registry.list();
  ASSERT_FALSE(files.empty());
  EXPECT_EQ(files[0].kind, "");
  EXPECT_THAT(files[0].problem, HasSubstr("is not an Espalier plugin"));
  std::vector<std::string> kinds;
  for (std::size_t i = 1; i < files.size(); ++i) {
    kinds.push_back(files[i].kind);
    if (files[i].kind != "optimizer") continue;
    EXPECT_EQ(files[i].name, "good");
    EXPECT_EQ(files[i].version, "1.2.3");
    EXPECT_EQ(files[i].abi, ESPALIER_ABI_TAG);
    EXPECT_EQ(files[i].file, fs::canonical(folder("good") / "optimizer.so"));
    EXPECT_EQ(files[i].problem, "");
  }
  EXPECT_TRUE(std::ranges::is_sorted(kinds));
  EXPECT_THAT(kinds, ::testing::UnorderedElementsAreArray(plugin_kinds()));
}

TEST(PluginRegistryTest, APluginOutlivesItsRegistry) {
  std::unique_ptr<SearchSpace> space;
  {
    PluginRegistry registry({folder("good")});
    space = registry.make<SearchSpace>("good");
  }
  EXPECT_EQ(space->choices().size(), 1U);
}

TEST(PluginRegistryTest, AnUnknownNameSaysWhatExistsAndWhereItLooked) {
  PluginRegistry registry({folder("good"), "/nowhere/at/all"});
  const auto details = details_of<UsageError>([&] { registry.make<Optimizer>("goood", options("{a: 1}")); });
  EXPECT_THAT(details.what, AllOf(HasSubstr("no optimizer named 'goood'"), HasSubstr(folder("good").string()),
                                  HasSubstr("/nowhere/at/all (no such folder)")));
  EXPECT_THAT(details.where, HasSubstr("test.yaml:1"));
  EXPECT_EQ(details.expected, "one of good");
  EXPECT_EQ(details.nearest, "good");
  EXPECT_THAT(details.remedy, HasSubstr("correct the name"));
  const auto far = details_of<UsageError>([&] { registry.make<Optimizer>("something_else"); });
  EXPECT_EQ(far.nearest, "");
  EXPECT_THAT(far.remedy, HasSubstr("ESPALIER_PLUGIN_PATH"));
}

TEST(PluginRegistryTest, WithoutAnyPluginTheErrorSaysSo) {
  PluginRegistry registry({});
  const auto details = details_of<UsageError>([&] { registry.make<SearchSpace>("good"); });
  EXPECT_THAT(details.what, HasSubstr("no search space named 'good' in no folder"));
  EXPECT_THAT(details.expected, HasSubstr("there is no search space at all"));
}

TEST(PluginRegistryTest, AnUnknownKindSaysWhichThereAre) {
  PluginRegistry registry({folder("good")});
  const auto details = details_of<UsageError>([&] { registry.make("optimiser", "good"); });
  EXPECT_THAT(details.what, HasSubstr("'optimiser'"));
  EXPECT_EQ(details.nearest, "optimizer");
}

TEST(PluginRegistryTest, AnOptionThatNothingReadIsRefused) {
  PluginRegistry registry({folder("good")});
  EXPECT_NO_THROW(registry.make<Optimizer>("good", options("{first: true}")));
  const auto details =
      details_of<UsageError>([&] { registry.make<Optimizer>("good", options("{frist: true}")); });
  EXPECT_EQ(details.nearest, "first");
  EXPECT_EQ(details.where, "test.yaml:1:2");
}

TEST(PluginRegistryTest, TwoFilesOfOnePluginAreRefusedByBothNames) {
  const std::string first = fs::canonical(folder("duplicate") / "first.so").string();
  const std::string second = fs::canonical(folder("duplicate") / "second.so").string();
  const auto details = create_error("duplicate");
  EXPECT_THAT(details.where + details.what, AllOf(HasSubstr(first), HasSubstr(second)));
  EXPECT_FALSE(details.remedy.empty());

  const std::vector<PluginFile> files = PluginRegistry({folder("duplicate")}).list();
  ASSERT_EQ(files.size(), 2U);
  EXPECT_THAT(files[0].problem, HasSubstr(second));
  EXPECT_THAT(files[1].problem, HasSubstr(first));
}

TEST(PluginRegistryTest, APluginOfAnotherAbiIsRefused) {
  const auto details = create_error("other_abi");
  EXPECT_THAT(details.what, AllOf(HasSubstr("sdk999-libstdcxx11"), HasSubstr(ESPALIER_ABI_TAG)));
  EXPECT_THAT(details.where, HasSubstr("other_abi/plugin.so"));
  EXPECT_THAT(details.remedy, HasSubstr("rebuild"));
  EXPECT_THAT(PluginRegistry::check(fixture("other_abi")).problem, HasSubstr("sdk999-libstdcxx11"));
}

TEST(PluginRegistryTest, AMissingSymbolIsNamed) {
  const auto details = create_error("missing_symbol");
  EXPECT_THAT(details.what, AllOf(HasSubstr("nowhere::defined(int)"), HasSubstr("_ZN7nowhere7definedEi")));
  EXPECT_THAT(details.where, HasSubstr("missing_symbol/plugin.so"));
  EXPECT_THAT(details.remedy, HasSubstr("--no-undefined"));
}

TEST(PluginRegistryTest, AMissingDescriptorIsNamed) {
  EXPECT_THAT(create_error("no_descriptor").what, HasSubstr("lacks the symbol espalier_plugin"));
}

TEST(PluginRegistryTest, ADescriptorThatContradictsTheSectionIsRefused) {
  EXPECT_THAT(create_error("wrong_kind").what, AllOf(HasSubstr("'optimizer'"), HasSubstr("'trainer'")));
}

TEST(PluginRegistryTest, TwoPluginsInOneFileAreRefused) {
  PluginRegistry registry({folder("two_sections")});
  ASSERT_EQ(registry.list().size(), 1U);
  EXPECT_THAT(registry.list()[0].problem, HasSubstr("2 plugin sections"));
  EXPECT_THROW(registry.make<Optimizer>("two_sections"), Error);
}

TEST(PluginRegistryTest, AKindThatTheHostDoesNotKnowIsAProblem) {
  EXPECT_THAT(PluginRegistry::check(fixture("unknown_kind")).problem, HasSubstr("'dishwasher'"));
}

TEST(PluginRegistryTest, WhatAConstructorThrowsNamesThePluginAndItsFile) {
  const auto details = create_error("constructor_throws");
  EXPECT_THAT(details.what, HasSubstr("the table is upside down"));
  EXPECT_THAT(details.where,
              AllOf(HasSubstr("optimizer 'constructor_throws'"), HasSubstr("constructor_throws/plugin.so")));

  const auto other = create_error("constructor_throws_int");
  EXPECT_THAT(other.what, HasSubstr("no std::exception"));
  EXPECT_THAT(other.where, HasSubstr("constructor_throws_int/plugin.so"));
}

TEST(PluginRegistryTest, TheErrorsOfAConstructorPass) {
  const auto details = create_error("constructor_throws_error");
  EXPECT_EQ(details.what, "no table");
  EXPECT_EQ(details.remedy, "bring one");
  EXPECT_THAT(details.where, HasSubstr("constructor_throws_error/plugin.so"));

  PluginRegistry registry({folder("constructor_throws_error")});
  const auto usage = details_of<UsageError>(
      [&] { registry.make<Optimizer>("constructor_throws_error", options("{usage: true}")); });
  EXPECT_EQ(usage.what, "two is odd");
  EXPECT_EQ(usage.where, "here");
}

TEST(PluginRegistryTest, AConstructorThatMakesNothingIsRefused) {
  EXPECT_THAT(create_error("returns_null").what, HasSubstr("made nothing"));
}

TEST(PluginRegistryTest, LayersOfTwoPluginsMayHaveOneName) {
  PluginRegistry registry({folder("same_layer")});
  const auto first = registry.make<SearchSpace>("first");
  const auto second = registry.make<SearchSpace>("second");
  const auto scale = [](const SearchSpace& space) {
    return space.instantiate({1}).edge(1, 2).op().primitive()->nodes().front().layer;
  };
  EXPECT_EQ(scale(*first).kind(), scale(*second).kind());
  EXPECT_NE(scale(*first), scale(*second)) << "they are no more than namesakes";
  EXPECT_THAT(scale(*second).get_if<CustomLayer>()->definition->origin(), HasSubstr("same_layer/second.so"));
}

TEST(PluginRegistryTest, APluginOfAnotherInterfaceIsRefused) {
  const auto details = create_error("wrong_interface");
  EXPECT_EQ(details.what, "it does not implement the interface of its kind, optimizer");
  EXPECT_THAT(details.where, HasSubstr("wrong_interface/plugin.so"));
}

TEST(PluginRegistryTest, CheckLoadsOnlyWhenAsked) {
  EXPECT_EQ(PluginRegistry::check(folder("good") / "optimizer.so").problem, "");
  EXPECT_EQ(PluginRegistry::check(fixture("missing_symbol"), false).problem, "");
  const PluginFile broken = PluginRegistry::check(fixture("missing_symbol"));
  EXPECT_THAT(broken.problem, HasSubstr("nowhere::defined(int)"));
  EXPECT_FALSE(broken.remedy.empty());
  EXPECT_EQ(broken.name, "missing_symbol");
}

TEST(PluginRegistryTest, SeveralThreadsMayCreateAtOnce) {
  PluginRegistry registry({folder("good")});
  std::vector<std::future<std::string>> names;
  for (int i = 0; i < 8; ++i) {
    names.push_back(std::async(std::launch::async, [&registry] {
      std::string all;
      for (const std::string& kind : plugin_kinds()) all += registry.make(kind, "good")->name();
      return all + std::to_string(registry.list().size());
    }));
  }
  std::string expected;
  for (std::size_t i = 0; i < plugin_kinds().size(); ++i) expected += "good";
  expected += std::to_string(plugin_kinds().size());
  for (auto& name : names) EXPECT_EQ(name.get(), expected);
}

TEST(PluginRegistryTest, TheSearchPathIsConfigThenEnvironmentThenTheTree) {
  const char* const before = std::getenv("ESPALIER_PLUGIN_PATH");
  const std::string kept = before == nullptr ? "" : before;
  setenv("ESPALIER_PLUGIN_PATH", "/one::/two", 1);
  EXPECT_THAT(PluginRegistry::search_path({"relative"}),
              ::testing::ElementsAre("relative", "/one", "/two",
                                     fs::canonical(paths::build) / "lib/espalier/plugins"));
  if (before == nullptr) {
    unsetenv("ESPALIER_PLUGIN_PATH");
  } else {
    setenv("ESPALIER_PLUGIN_PATH", kept.c_str(), 1);
  }
  EXPECT_EQ(PluginRegistry::search_path().empty(), false);
}

}  // namespace
}  // namespace espalier::host
