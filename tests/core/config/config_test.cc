#include "espalier/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "usage_error.h"

namespace espalier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t int_max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t int_min = std::numeric_limits<std::int64_t>::min();

ConfigValue at(ConfigValue value, int line) {
  value.where = {"run.yaml", line, 20};
  value.key_where = {"run.yaml", line, 3};
  return value;
}

ConfigValue list(const std::vector<std::string>& items) {
  ConfigValue value;
  value.kind = ConfigValue::Kind::list;
  for (const std::string& item : items) value.items.push_back(at(ConfigValue::of(item), 5));
  return value;
}

// The options of an optimizer that were written at run.yaml:5.
Config options(const std::string& key, ConfigValue value) {
  ConfigValue map;
  map.set(key, at(std::move(value), 5));
  map.where = {"run.yaml", 4, 3};
  return Config(map, "optimizer");
}
Config options(const std::string& key, const std::string& text, bool quoted = false) {
  return options(key, ConfigValue::of(text, quoted));
}

std::int64_t integer(const std::string& text, bool quoted = false, Range<std::int64_t> range = {}) {
  return options("size", text, quoted).integer<std::int64_t>("size", 1, "how many", range);
}
double number(const std::string& text, bool quoted = false, Range<double> range = {}) {
  return options("rate", text, quoted).number("rate", 1.0, "how fast", range);
}
bool boolean(const std::string& text, bool quoted = false) {
  return options("flag", text, quoted).boolean("flag", false, "whether");
}

TEST(Config, GivesDefaultsForWhatIsNotWritten) {
  const Config config;
  EXPECT_TRUE(config.boolean("flag", true, ""));
  EXPECT_EQ(config.integer("size", 10, ""), 10);
  EXPECT_EQ(config.number("rate", 0.5, ""), 0.5);
  EXPECT_EQ(config.string("title", "x y", ""), "x y");
  EXPECT_EQ(config.choice("metric", "test", {"valid", "test"}, ""), "test");
  EXPECT_THAT(config.integers("sizes", {1, 2}, ""), ElementsAre(1, 2));
  EXPECT_NO_THROW(config.reject_unknown());
}

TEST(Config, ReadsIntegers) {
  EXPECT_EQ(integer("42"), 42);
  EXPECT_EQ(integer("-3"), -3);
  EXPECT_EQ(integer("9223372036854775807"), int_max);
  EXPECT_EQ(integer("-9223372036854775808"), int_min);
}

TEST(Config, AnIntegerFitsTheTypeOfItsDefault) {
  EXPECT_EQ(options("size", "7").integer("size", 1, "how many", between(1, 10)), 7);
  EXPECT_EQ(options("size", "7").integer<std::size_t>("size", 1, "how many"), std::size_t{7});
  EXPECT_EQ(
      espalier::testing::usage_error_of([] { options("size", "3000000000").integer("size", 1, ""); }).what,
      "optimizer.size: 3000000000 is above 2147483647");
  const Config config = options("size", "-1");
  const auto error =
      espalier::testing::usage_error_of([&] { config.integer<std::size_t>("size", 1, "how many"); });
  EXPECT_EQ(error.what, "optimizer.size: -1 is below 0");
  EXPECT_EQ(error.expected, "an integer of at least 0 (how many)");
  EXPECT_EQ(config.options().front().range, "≥ 0");
}

TEST(Config, RefusesWhatIsNoInteger) {
  for (const char* text : {"ten", "1.5", "1e3", "0x10", "1_000", "", " 1", "1 ", "+1", "true", "nan"}) {
    const auto error = espalier::testing::usage_error_of([&] { integer(text); });
    EXPECT_EQ(error.where, "run.yaml:5:20") << text;
    EXPECT_THAT(error.what, HasSubstr("optimizer.size")) << text;
    EXPECT_EQ(error.expected, "an integer (how many)") << text;
  }
  EXPECT_EQ(espalier::testing::usage_error_of([] { integer("1e3"); }).remedy, "write 1000");
  EXPECT_EQ(espalier::testing::usage_error_of([] { integer("10", true); }).remedy, "remove the quotes");
  EXPECT_THAT(espalier::testing::usage_error_of([] { integer("9223372036854775808"); }).what,
              HasSubstr("64 bits"));
}

TEST(Config, ReadsNumbers) {
  EXPECT_EQ(number("0.025"), 0.025);
  EXPECT_EQ(number("3e-4"), 3e-4);
  EXPECT_EQ(number("-7"), -7.0);
}

TEST(Config, RefusesWhatIsNoFiniteNumber) {
  for (const char* text : {"fast", "", "1,5", "inf", "-inf", "nan", "1e999", "0.1x"}) {
    EXPECT_EQ(espalier::testing::usage_error_of([&] { number(text); }).expected, "a number (how fast)")
        << text;
  }
  EXPECT_EQ(espalier::testing::usage_error_of([] { number("1.5", true); }).remedy, "remove the quotes");
}

TEST(Config, ReadsBooleansOfOneSpelling) {
  EXPECT_TRUE(boolean("true"));
  EXPECT_FALSE(boolean("false"));
  EXPECT_EQ(espalier::testing::usage_error_of([] { boolean("yes"); }).remedy, "write true");
  EXPECT_EQ(espalier::testing::usage_error_of([] { boolean("Off"); }).remedy, "write false");
  EXPECT_EQ(espalier::testing::usage_error_of([] { boolean("maybe"); }).remedy, "write true or false");
  EXPECT_EQ(espalier::testing::usage_error_of([] { boolean("true", true); }).remedy, "remove the quotes");
}

TEST(Config, ReadsStringsQuotedOrNot) {
  EXPECT_EQ(options("title", "10").string("title", "", ""), "10");
  EXPECT_EQ(options("title", "10", true).string("title", "", ""), "10");
  EXPECT_EQ(options("title", "", true).string("title", "x", ""), "");
}

TEST(Config, KeepsRangesInclusive) {
  EXPECT_EQ(integer("1", false, at_least<std::int64_t>(1)), 1);
  EXPECT_EQ(
      espalier::testing::usage_error_of([] { integer("0", false, at_least<std::int64_t>(1)); }).expected,
      "an integer of at least 1 (how many)");
  EXPECT_EQ(number("1", false, between(0.0, 1.0)), 1.0);
  const auto error = espalier::testing::usage_error_of([] { number("1.01", false, between(0.0, 1.0)); });
  EXPECT_EQ(error.what, "optimizer.rate: '1.01' is out of range");
  EXPECT_EQ(error.expected, "a number from 0 to 1 (how fast)");
}

TEST(Config, RefusesOtherThanTheChoices) {
  const std::vector<std::string> metrics = {"valid", "test"};
  EXPECT_EQ(options("metric", "valid").choice("metric", "test", metrics, ""), "valid");
  const auto error = espalier::testing::usage_error_of(
      [&] { options("metric", "vaild").choice("metric", "test", metrics, ""); });
  EXPECT_EQ(error.nearest, "valid");
  EXPECT_EQ(error.expected, "one of valid, test");
}

TEST(Config, ReadsLists) {
  EXPECT_THAT(options("sizes", list({"3", "1"})).integers("sizes", {}, ""), ElementsAre(3, 1));
  EXPECT_THAT(options("sizes", list({})).integers("sizes", {7}, ""), ElementsAre());
  const auto item = espalier::testing::usage_error_of([] {
    options("sizes", list({"3", "x"})).integers("sizes", {}, "");
  });
  EXPECT_THAT(item.what, HasSubstr("optimizer.sizes.1: 'x'"));
  const auto scalar =
      espalier::testing::usage_error_of([] { options("sizes", "3").integers("sizes", {}, ""); });
  EXPECT_THAT(scalar.remedy, HasSubstr("[1, 2, 3]"));
}

TEST(Config, RefusesAnotherKindOfValue) {
  ConfigValue map;
  map.kind = ConfigValue::Kind::map;
  EXPECT_THAT(espalier::testing::usage_error_of([&] { options("size", map).integer("size", 1, ""); }).what,
              HasSubstr("a map"));
  EXPECT_THAT(
      espalier::testing::usage_error_of([] { options("size", list({"1"})).integer("size", 1, ""); }).what,
      HasSubstr("a list"));
  EXPECT_THAT(
      espalier::testing::usage_error_of([] { options("title", list({"1"})).string("title", "", ""); }).what,
      HasSubstr("a list"));
}

TEST(Config, RefusesAKeyWithoutValueAtTheKey) {
  const auto error =
      espalier::testing::usage_error_of([] { options("size", ConfigValue()).integer("size", 1, ""); });
  EXPECT_EQ(error.where, "run.yaml:5:3");
  EXPECT_THAT(error.what, HasSubstr("no value"));
  EXPECT_THAT(espalier::testing::usage_error_of([] {
                options("sizes", ConfigValue()).integers("sizes", {}, "");
              }).what,
              HasSubstr("no value"));
}

TEST(Config, RefusesOptionsThatAreNoMap) {
  const auto of_list = espalier::testing::usage_error_of([] { Config(at(list({"1"}), 2), "trainer"); });
  EXPECT_EQ(of_list.where, "run.yaml:2:20");
  EXPECT_THAT(of_list.what, HasSubstr("trainer: a list"));
  EXPECT_THROW(Config(ConfigValue::of("x")), UsageError);
  EXPECT_NO_THROW(Config(ConfigValue(), "trainer"));
}

TEST(Config, RejectsWhatNothingRead) {
  const Config config = options("populaton_size", "5");
  EXPECT_EQ(config.integer("population_size", 100, ""), 100);
  EXPECT_EQ(config.integer("sample_size", 10, ""), 10);
  const auto error = espalier::testing::usage_error_of([&] { config.reject_unknown(); });
  EXPECT_EQ(error.where, "run.yaml:5:3");
  EXPECT_EQ(error.what, "optimizer: unknown option 'populaton_size'");
  EXPECT_EQ(error.expected, "one of population_size and sample_size");
  EXPECT_EQ(error.nearest, "population_size");
}

TEST(Config, SaysThatThereAreNoOptions) {
  EXPECT_EQ(espalier::testing::usage_error_of([] { options("size", "1").reject_unknown(); }).expected,
            "no options at all");
}

TEST(Config, DocumentsEachReadOnce) {
  const Config config;
  config.integer("size", 100, "how many", at_least<std::int64_t>(1));
  config.integer("size", 100, "how many", at_least<std::int64_t>(1));
  config.number("rate", 0.1, "how fast", between(0.0, 1.0));
  config.boolean("flag", false, "whether");
  config.string("empty", "", "what");
  config.string("word", "gdas", "what");
  config.choice("metric", "test", {"valid", "test"}, "which");
  config.integers("sizes", {1, 2}, "which", {.max = 9});
  const auto& all = config.options();
  ASSERT_EQ(all.size(), 7U);
  EXPECT_EQ(all[0].name, "size");
  EXPECT_EQ(all[0].type, "integer");
  EXPECT_EQ(all[0].default_value, "100");
  EXPECT_EQ(all[0].range, "≥ 1");
  EXPECT_EQ(all[0].help, "how many");
  EXPECT_FALSE(all[0].required);
  EXPECT_EQ(all[1].default_value, "0.1");
  EXPECT_EQ(all[1].range, "0 … 1");
  EXPECT_EQ(all[2].default_value, "false");
  EXPECT_EQ(all[2].range, "");
  EXPECT_EQ(all[3].default_value, "\"\"");
  EXPECT_EQ(all[4].default_value, "gdas");
  EXPECT_EQ(all[5].range, "one of valid, test");
  EXPECT_EQ(all[6].type, "list of integers");
  EXPECT_EQ(all[6].default_value, "[1, 2]");
  EXPECT_EQ(all[6].range, "≤ 9");
}

TEST(Config, SectionsAreMapsOfOptions) {
  ConfigValue inner;
  inner.kind = ConfigValue::Kind::map;
  inner.set("merge", ConfigValue::of("false"));
  const Config config = options("compile", inner);
  EXPECT_FALSE(config.section("compile").boolean("merge", true, "whether"));
  EXPECT_TRUE(config.section("compile").boolean("drop", true, "whether"));
  const auto all = config.options();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "compile.merge");
  EXPECT_EQ(config.resolved().entries.at(0).second.entries.size(), 2U);
  EXPECT_NO_THROW(config.reject_unknown());

  inner.set("drp", ConfigValue::of("true"));
  const Config misspelt = options("compile", inner);
  misspelt.section("compile").boolean("drop", true, "whether");
  misspelt.section("compile").boolean("merge", true, "whether");
  const auto error = espalier::testing::usage_error_of([&] { misspelt.reject_unknown(); });
  EXPECT_THAT(error.what, AllOf(HasSubstr("compile"), HasSubstr("drp")));
  EXPECT_EQ(error.nearest, "drop");
}

TEST(Config, ASectionThatIsNoMapIsRefused) {
  const Config config = options("compile", "fast");
  const auto error = espalier::testing::usage_error_of([&] { config.section("compile"); });
  EXPECT_THAT(error.what, HasSubstr("where options belong"));
}

TEST(Config, ResolvesToWhatWasReadInThatOrder) {
  const Config config = options("size", "7");
  config.number("rate", 0.5, "");
  config.integer("size", 100, "");
  config.string("yes", "yes", "");
  config.integers("sizes", {4}, "");
  const ConfigValue resolved = config.resolved();
  ASSERT_EQ(resolved.entries.size(), 4U);
  EXPECT_EQ(resolved.entries[0].first, "rate");
  EXPECT_EQ(resolved.entries[0].second.scalar, "0.5");
  EXPECT_EQ(resolved.entries[1].first, "size");
  EXPECT_EQ(resolved.entries[1].second.scalar, "7");
  EXPECT_TRUE(resolved.entries[2].second.quoted);
  EXPECT_EQ(resolved.entries[3].second.items.at(0).scalar, "4");
}

TEST(Config, RefusesOptionsThatNoConfigCanName) {
  for (const char* name : {"name", "label", "", "a b", "a.b", "a\nb"}) {
    EXPECT_THROW(Config().integer(name, 1, ""), Error) << name;
    EXPECT_THROW(Config().string(name, "", ""), Error) << name;
  }
}

TEST(Config, ResolvesToItself) {
  const Config first = options("size", "7");
  const auto read = [](const Config& config) {
    return std::pair(config.integer("size", 100, ""), config.string("title", "10", ""));
  };
  const auto values = read(first);
  const Config again(first.resolved(), "optimizer");
  EXPECT_EQ(read(again), values);
  EXPECT_NO_THROW(again.reject_unknown());
}

// An option that was written in a file, or, without a line, on a command line.
std::string path_written(const std::string& text, const std::string& file, int line = 5) {
  ConfigValue map;
  map.set("folder", ConfigValue::of(text));
  map.find("folder")->where = {file, line, 3};
  const Config config(map, "dataset");
  const std::string path = config.path("folder", "where").string();
  EXPECT_EQ(config.resolved().find("folder")->scalar, path);
  return path;
}

TEST(Config, APathBeginsAtTheFolderOfItsConfig) {
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(path_written("flowers", "/some/configs/a.yaml"), "/some/configs/flowers");
  EXPECT_EQ(path_written("../flowers/", "/some/configs/a.yaml"), "/some/flowers");
  EXPECT_EQ(path_written("/else/where", "/some/configs/a.yaml"), "/else/where");
  EXPECT_EQ(path_written("flowers", "configs/a.yaml"), here + "/configs/flowers");
  EXPECT_EQ(path_written("flowers", "a.yaml"), here + "/flowers");
  EXPECT_EQ(path_written("flowers", "command line (dataset.folder=a/b)", 0), here + "/flowers");
  EXPECT_EQ(path_written("flowers", "argument --dataset", 1), here + "/flowers");
}

TEST(Config, ATildeIsTheHomeFolder) {
  const std::string home = std::getenv("HOME");
  EXPECT_EQ(path_written("~/flowers", "/some/a.yaml"), home + "/flowers");
  EXPECT_EQ(path_written("~", "/some/a.yaml"), home);
  EXPECT_EQ(path_written("~flowers", "/some/a.yaml"), "/some/~flowers");
}

TEST(Config, APathThatIsLeftOutIsEmpty) {
  const Config config;
  EXPECT_TRUE(config.path("folder", "where the images are").empty());
  EXPECT_EQ(config.options().front().type, "path");
  EXPECT_EQ(options("folder", "").path("folder", "where").string(), "");
}

TEST(Config, KnowsWhereAnOptionStands) {
  const Config config = options("size", "7");
  EXPECT_EQ(to_string(config.where("size")), "run.yaml:5:20");
  EXPECT_EQ(to_string(config.where("rate")), "run.yaml:4:3");
}

TEST(Config, CopiesAreTheSameConfig) {
  const Config config = options("size", "7");
  const Config copy = config;
  EXPECT_EQ(copy.integer("size", 1, ""), 7);
  EXPECT_NO_THROW(config.reject_unknown());
}

TEST(Config, ShowsLongAndBrokenTextShort) {
  const auto error = espalier::testing::usage_error_of([] { integer(std::string(5000, 'x') + "\n"); });
  EXPECT_LT(error.what.size(), 120U);
  const auto lines = espalier::testing::usage_error_of([] { integer("a\nb"); });
  EXPECT_THAT(lines.what, HasSubstr("'a?b'"));
}

TEST(ConfigValue, SetReplacesOrAppends) {
  ConfigValue map;
  map.set("a", ConfigValue::of("1"));
  map.set("b", ConfigValue::of("2"));
  map.set("a", ConfigValue::of("3"));
  ASSERT_EQ(map.entries.size(), 2U);
  EXPECT_EQ(map.entries[0].second.scalar, "3");
  EXPECT_EQ(map.find("c"), nullptr);
}

TEST(Location, PrintsAsFarAsKnown) {
  EXPECT_EQ(to_string(Location{"run.yaml", 3, 7}), "run.yaml:3:7");
  EXPECT_EQ(to_string(Location{"run.yaml", 3, 0}), "run.yaml:3");
  EXPECT_EQ(to_string(Location{"command line", 0, 0}), "command line");
}

TEST(ConfigValue, NumbersAreSpelledAsYaml11ReadsThem) {
  // A float of YAML 1.1 has a point, and a sign in its exponent: PyYAML takes 1e-10 for a string.
  EXPECT_EQ(ConfigValue::number(1e-10).scalar, "1.0e-10");
  EXPECT_EQ(ConfigValue::number(2.5e-10).scalar, "2.5e-10");
  EXPECT_EQ(ConfigValue::number(1e20).scalar, "1.0e+20");
  EXPECT_EQ(ConfigValue::number(0.025).scalar, "0.025");
  EXPECT_EQ(ConfigValue::number(3).scalar, "3");
}

TEST(Config, ResolvesToOneSpellingOfEachValue) {
  const Config config(ConfigValue::map({{"rate", ConfigValue::of("25e-3")},
                                        {"tiny", ConfigValue::of("1e-12")},
                                        {"count", ConfigValue::of("010")},
                                        {"word", ConfigValue::of("off")}}));
  EXPECT_EQ(config.number("rate", 1.0, "a rate"), 0.025);
  EXPECT_EQ(config.number("tiny", 1.0, "small"), 1e-12);
  EXPECT_EQ(config.integer("count", 1, "a count"), 10);
  EXPECT_EQ(config.string("word", "", "a word"), "off");
  const ConfigValue resolved = config.resolved();
  EXPECT_EQ(resolved.find("rate")->scalar, "0.025");
  EXPECT_EQ(resolved.find("tiny")->scalar, "1.0e-12");
  EXPECT_EQ(resolved.find("count")->scalar, "10");
  EXPECT_TRUE(resolved.find("word")->quoted) << "YAML 1.1 takes it for a boolean";
}

TEST(Config, WhatIsAssumedStandsInForIntegersThatAreNotGiven) {
  const Config config = options("size", "7");
  const auto assumed = [](const std::string& text) {
    ConfigValue value = ConfigValue::of(text);
    value.where.file = "the dataset \"flowers\"";
    return value;
  };
  config.assume(ConfigValue::map({{"size", assumed("8")},
                                  {"classes", assumed("5")},
                                  {"rate", assumed("9")},
                                  {"wide", assumed("300")},
                                  {"unread", assumed("1")}}));
  EXPECT_EQ(config.integer("size", 1, "how many"), 7) << "what is given goes first";
  EXPECT_EQ(config.integer("classes", 10, "how many"), 5);
  EXPECT_EQ(config.number("rate", 0.5, "how fast"), 0.5) << "not an integer";
  EXPECT_EQ(config.integer("other", 3, "how many"), 3);
  EXPECT_EQ(config.resolved().find("classes")->scalar, "5");
  EXPECT_EQ(config.options()[1].default_value, "10") << "the documentation does not depend on a dataset";
  EXPECT_EQ(to_string(config.where("classes")), "the dataset \"flowers\"");
  EXPECT_EQ(to_string(config.where("size")), "run.yaml:5:20");
  EXPECT_NO_THROW(config.reject_unknown()) << "no option has to have the name";
  const ErrorDetails wide =
      testing::usage_error_of([&] { (void)config.integer("wide", 1, "how wide", between(1, 100)); });
  EXPECT_THAT(wide.what, HasSubstr("300 is out of range"));
  EXPECT_EQ(wide.where, "the dataset \"flowers\"");
}

}  // namespace
}  // namespace espalier
