#include "espalier/host/config/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/random/random.h"
#include "paths.h"
#include "usage_error.h"

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::filesystem::path configs = std::filesystem::path(paths::fixtures) / "configs";

ErrorDetails error_in(std::string_view text) {
  return espalier::testing::usage_error_of([&] { parse_yaml(text, "run.yaml"); });
}
ErrorDetails error_in_fixture(const std::string& name) {
  return espalier::testing::usage_error_of([&] { load_yaml(configs / name); });
}

void expect_equal(const ConfigValue& a, const ConfigValue& b) {
  ASSERT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.scalar, b.scalar);
  EXPECT_EQ(a.quoted, b.quoted) << a.scalar;
  ASSERT_EQ(a.items.size(), b.items.size());
  for (std::size_t i = 0; i < a.items.size(); ++i) expect_equal(a.items[i], b.items[i]);
  ASSERT_EQ(a.entries.size(), b.entries.size());
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    EXPECT_EQ(a.entries[i].first, b.entries[i].first);
    expect_equal(a.entries[i].second, b.entries[i].second);
  }
}

ConfigValue quoted_scalar(Rng& rng) {
  static const std::vector<std::string> pieces = {
      "yes", "1",    "",   "a: b", " ",    "\n", "\t",     "é",      "🙂",   "#",     "- ", "'",
      "\"",  "\\",   "{",  "]",    "&",    "*",  "!",      "|",      "---",    "...",   "%",  "~",
      ",",   "\x01", "\r", "null", "\x7f", "?",  "\u0085", "\u00a0", "\u2028", "\ufeff"};
  std::string text;
  for (std::size_t i = rng.below(5); i > 0; --i) text += pieces[rng.below(pieces.size())];
  return ConfigValue::of(text, true);
}
ConfigValue plain_scalar(Rng& rng) {
  static const std::vector<std::string> words = {
      "gdas",          "1",   "-0.5",  "3e-4",         "true", "0..99",
      "random_search", "a b", "x/y.z", "nor_conv_3x3", "yes",  "é"};
  return ConfigValue::of(words[rng.below(words.size())]);
}
ConfigValue random_tree(Rng& rng, int depth) {
  ConfigValue value;
  switch (rng.below(depth == 0 ? 3 : 5)) {
    case 0:
      return value;
    case 1:
      return quoted_scalar(rng);
    case 2:
      return plain_scalar(rng);
    case 3:
      value.kind = Kind::list;
      for (std::size_t i = rng.below(4); i > 0; --i) value.items.push_back(random_tree(rng, depth - 1));
      return value;
    default:
      value.kind = Kind::map;
      for (std::size_t i = rng.below(4); i > 0; --i) {
        value.set(quoted_scalar(rng).scalar, random_tree(rng, depth - 1));
      }
      return value;
  }
}

TEST(Yaml, ReadsATreeThatKnowsItsPlaces) {
  const ConfigValue config = parse_yaml(
      "optimizer:\n"
      "  name: gdas\n"
      "  sizes: [1, '2']\n"
      "  empty:\n",
      "run.yaml");
  ASSERT_EQ(config.kind, Kind::map);
  const ConfigValue& optimizer = *config.find("optimizer");
  EXPECT_EQ(to_string(optimizer.key_where), "run.yaml:1:1");
  EXPECT_EQ(to_string(optimizer.where), "run.yaml:2:3");
  const ConfigValue& sizes = *optimizer.find("sizes");
  EXPECT_EQ(to_string(sizes.key_where), "run.yaml:3:3");
  ASSERT_EQ(sizes.items.size(), 2U);
  EXPECT_EQ(sizes.items[0].scalar, "1");
  EXPECT_FALSE(sizes.items[0].quoted);
  EXPECT_TRUE(sizes.items[1].quoted);
  EXPECT_EQ(to_string(sizes.items[1].where), "run.yaml:3:14");
  EXPECT_EQ(optimizer.find("empty")->kind, Kind::null);
}

TEST(Yaml, ReadsEscapesAsUtf8) {
  EXPECT_EQ(parse_yaml(R"("é\_\N\L\xe9\u00e9🙂")", "run.yaml").scalar, "é\u00a0\u0085\u2028éé🙂");
}

TEST(Yaml, NothingIsNull) {
  for (const char* text : {"", "\n", "# a comment\n", "---\n", "~"}) {
    EXPECT_EQ(parse_yaml(text, "run.yaml").kind, Kind::null) << text;
  }
  EXPECT_EQ(load_yaml(configs / "keys/empty.yaml").kind, Kind::null);
}

TEST(Yaml, ExpandsAliases) {
  expect_equal(parse_yaml("a: &x {b: [1, 2]}\nc: *x\n? &k key\n: *k", "run.yaml"),
               parse_yaml("{a: {b: [1, 2]}, c: {b: [1, 2]}, key: key}", "run.yaml"));
}

TEST(Yaml, MergesMapsWhoseOwnKeysComeFirst) {
  const std::string anchors = "base: &base {x: 1, y: 2}\nmore: &more {y: 3, z: 4}\n";
  const auto merged = [&](const std::string& text) {
    return *parse_yaml(anchors + "a: " + text, "run.yaml").find("a");
  };
  expect_equal(merged("{<<: *base, y: 5}"), parse_yaml("{y: 5, x: 1}", "run.yaml"));
  expect_equal(merged("{y: 5, <<: *base}"), parse_yaml("{y: 5, x: 1}", "run.yaml"));
  expect_equal(merged("{<<: [*more, *base]}"), parse_yaml("{y: 3, z: 4, x: 1}", "run.yaml"));
  expect_equal(merged("{<<: {x: 6}, y: 5}"), parse_yaml("{y: 5, x: 6}", "run.yaml"));
  expect_equal(merged("\n  <<: *base\n  y: 5\n"), parse_yaml("{y: 5, x: 1}", "run.yaml"));
  EXPECT_EQ(to_string(merged("{<<: *base}").find("y")->where), "run.yaml:1:23") << "where it is written";

  const ConfigValue chain = parse_yaml("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}", "run.yaml");
  expect_equal(*chain.find("c"), parse_yaml("{y: 2, x: 1}", "run.yaml"));
}

TEST(Yaml, AMergeKeyInQuotesIsAKey) {
  const ConfigValue quoted = parse_yaml("'<<': {x: 1}", "run.yaml");
  EXPECT_NE(quoted.find("<<"), nullptr);
  expect_equal(parse_yaml(to_yaml(quoted), "run.yaml"), quoted);
}

TEST(Yaml, RefusesToMergeWhatIsNoMap) {
  for (const char* text : {"a: {<<: 1}", "a: {<<: [1]}", "a: {<<: }", "a: {<<: [[{x: 1}]]}"}) {
    EXPECT_THAT(error_in(text).what, HasSubstr("'<<' takes the keys of another map")) << text;
    EXPECT_THAT(error_in(text).where, StartsWith("run.yaml:1:")) << text;
  }
  EXPECT_THAT(error_in("a: &a {x: 1}\nb: {<<: *a, <<: *a}").remedy, HasSubstr("<<: [*ONE, *TWO]"));
}

TEST(Yaml, RefusesSyntaxErrorsAtTheirPlace) {
  const auto colon = error_in("a: 1\nb: c: d\n");
  EXPECT_EQ(colon.where, "run.yaml:2:5");
  EXPECT_THAT(colon.what, StartsWith("malformed YAML"));
  EXPECT_THAT(colon.remedy, HasSubstr("quote"));
  EXPECT_THAT(error_in("a: [1, 2\n").remedy, HasSubstr("']'"));
  EXPECT_THAT(error_in("a: {b: 2\n").remedy, HasSubstr("'}'"));
  for (const char* text : {"a: 'b\n", "a: 'b", "a: \"b\nc: d\n\n", "'a: b\n...\n"}) {
    EXPECT_THAT(error_in(text).what, HasSubstr("never closed")) << text;
  }
  EXPECT_THAT(error_in("a:\n\tb: 1\n").remedy, HasSubstr("tabs"));
  EXPECT_THAT(error_in("a: *nowhere\n").remedy, HasSubstr("'*'"));
  for (const char* text :
       {"a: 1\n b: 2\n", "- 1\na: 2\n", "a: ]", "a: @x", "a: \"\\q\"", "%YAML 9.9\n--- a", "}{"}) {
    EXPECT_THAT(error_in(text).where, StartsWith("run.yaml")) << text;
  }
}

TEST(Yaml, RefusesAKeyWrittenTwice) {
  const auto error = error_in("seed: 1\nseeds: 2\nseed: 3\n");
  EXPECT_EQ(error.where, "run.yaml:3:1");
  EXPECT_THAT(error.what, HasSubstr("'seed'"));
  EXPECT_THAT(error.expected, HasSubstr("run.yaml:1:1"));
  error_in("{a: {b: 1, 'b': 2}}");
}

TEST(Yaml, RefusesKeysThatAreNoText) {
  for (const char* text : {"[1, 2]: x", "{a: b}: x", "~: x", "? \n: x", "a: &x [1]\n*x : 2"}) {
    EXPECT_THAT(error_in(text).what, HasSubstr("not text")) << text;
  }
}

TEST(Yaml, RefusesTags) {
  for (const char* text : {"a: !!python/object:os.system x", "!!map {a: b}", "a: !mine [1]", "!!str a: 1"}) {
    EXPECT_THAT(error_in(text).what, HasSubstr("tag")) << text;
  }
}

TEST(Yaml, RefusesSeveralDocuments) {
  EXPECT_EQ(error_in("a: 1\n---\nb: 2\n").where, "run.yaml:2:1");
  for (const char* text : {"---\na: 1\n...\n", "a: 1\n...", "a: 1\n...\n\n", "a: 1"}) {
    EXPECT_EQ(parse_yaml(text, "run.yaml").entries.size(), 1U) << text;
  }
}

TEST(Yaml, RefusesAnAliasInsideItself) {
  EXPECT_THAT(error_in("a: &x [*x]").what, HasSubstr("alias inside"));
  EXPECT_THAT(error_in("a: &x {b: {c: *x}}").what, HasSubstr("alias inside"));
}

TEST(Yaml, RefusesWhatAliasesBlowUp) {
  EXPECT_THAT(error_in_fixture("yaml/alias_bomb.yaml").what, HasSubstr("aliases written out"));
  std::string text = "a: &x '" + std::string(100000, 'x') + "'\nb: [";
  for (int i = 0; i < 1000; ++i) text += "*x, ";
  EXPECT_THAT(error_in(text + "1]").expected, HasSubstr("MiB of text"));
  std::string anchors;
  for (int i = 0; i < 40; ++i) anchors += "&a" + std::to_string(i) + " [";
  for (int i = 0; i < 20000; ++i) anchors += "1, ";
  EXPECT_THAT(error_in(anchors + std::string(40, ']')).what, HasSubstr("too many values"));
}

TEST(Yaml, RefusesWhatIsTooDeep) {
  for (const char* bracket : {"[", "{a: ", "- ", "? ", "[{a: "}) {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += bracket;
    EXPECT_THAT(error_in(text).where, StartsWith("run.yaml:1:")) << bracket;
  }
  EXPECT_THAT(error_in(std::string(100000, '[')).what, HasSubstr("nested too deep"));
  EXPECT_NO_THROW(parse_yaml(std::string(64, '[') + std::string(64, ']'), "run.yaml"));
  EXPECT_THROW(parse_yaml(std::string(65, '[') + std::string(65, ']'), "run.yaml"), UsageError);
}

TEST(Yaml, RefusesWhatIsTooLarge) {
  EXPECT_THAT(error_in(std::string((1 << 20) + 1, '#')).what, HasSubstr("too large"));
  EXPECT_EQ(parse_yaml(std::string(1 << 20, '#'), "run.yaml").kind, Kind::null);
  EXPECT_THAT(espalier::testing::usage_error_of([] { load_yaml("/dev/zero"); }).what, HasSubstr("too large"));
}

TEST(Yaml, RefusesWhatIsNoText) {
  EXPECT_EQ(error_in(std::string_view("a: 1\nb: \0", 9)).where, "run.yaml:2");
  EXPECT_THAT(error_in("\x7f"
                       "ELF\x02\x01\x01")
                  .what,
              HasSubstr("not text"));
  EXPECT_THAT(error_in("a: \xff\xfe").what, HasSubstr("0xff"));
  EXPECT_THAT(error_in("a: \xc3").what, HasSubstr("not text"));
  EXPECT_THAT(error_in_fixture("yaml/binary.yaml").what, HasSubstr("not text"));
}

TEST(Yaml, RefusesFilesThatCannotBeRead) {
  const auto missing = error_in_fixture("keys/unknown_kee.yaml");
  EXPECT_EQ(missing.what, "no such file");
  EXPECT_EQ(missing.nearest, (configs / "keys/unknown_key.yaml").string());
  EXPECT_EQ(missing.where, (configs / "keys/unknown_kee.yaml").string());
  EXPECT_THAT(error_in_fixture("no_folder/run.yaml").what, HasSubstr("no such file"));
  EXPECT_THAT(error_in_fixture("").what, HasSubstr("folder"));
  EXPECT_THAT(error_in_fixture("keys/empty.yaml/below").what, HasSubstr("no such file"));
  EXPECT_THAT(espalier::testing::usage_error_of([] { load_yaml("/proc/self/mem"); }).what,
              HasSubstr("cannot read"));
}

TEST(Yaml, RefusesTheBrokenFixtures) {
  for (const char* name : {"yaml/malformed.yaml", "yaml/unclosed_bracket.yaml", "yaml/unclosed_quote.yaml",
                           "yaml/tab_indentation.yaml", "yaml/duplicate_key.yaml", "yaml/deep.yaml",
                           "yaml/alias_bomb.yaml", "yaml/recursive_alias.yaml", "yaml/undefined_alias.yaml",
                           "yaml/tag.yaml", "yaml/several_documents.yaml", "yaml/list_as_key.yaml"}) {
    const auto error = error_in_fixture(name);
    EXPECT_THAT(error.where, StartsWith((configs / name).string() + ":")) << name;
    EXPECT_FALSE(error.remedy.empty()) << name;
  }
}

TEST(Yaml, ReadsTheFixturesThatOnlyARunRefuses) {
  for (const char* name :
       {"keys/unknown_key.yaml", "keys/unknown_option.yaml", "values/unknown_name.yaml",
        "values/wrong_type.yaml", "values/out_of_range.yaml", "keys/missing_optimizer.yaml",
        "keys/missing_search_space.yaml", "keys/missing_trainer.yaml", "keys/missing_benchmark.yaml",
        "values/empty_value.yaml", "keys/list_as_config.yaml", "keys/two_seeds.yaml"}) {
    EXPECT_NO_THROW(load_yaml(configs / name)) << name;
  }
}

TEST(Yaml, MutatedTextIsReadOrRefused) {
  const std::string text =
      "a: &x [1, 'two', \"three\"]\nb: {c: *x, d: ~}\n- e\n? f\n: |\n  g\n  h\n# i\n--- !!j k\n%l: >\n m\n";
  Rng rng(0, "mutate");
  for (int i = 0; i < 3000; ++i) {
    std::string mutated = text;
    for (std::size_t n = 1 + rng.below(6); n > 0; --n) {
      const std::size_t place = rng.below(mutated.size());
      if (rng.below(2) == 0) {
        mutated[place] = text[rng.below(text.size())];
      } else {
        mutated.erase(place, rng.below(12));
        if (mutated.empty()) mutated = "[";
      }
    }
    try {
      const ConfigValue config = parse_yaml(mutated, "run.yaml");
      expect_equal(parse_yaml(to_yaml(config), "again.yaml"), config);
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), StartsWith("run.yaml"));
    }
    ASSERT_FALSE(::testing::Test::HasFailure()) << mutated;
  }
}

TEST(ToYaml, ReadsBackToTheSameTree) {
  for (std::uint64_t i = 0; i < 500; ++i) {
    Rng rng(0, "tree", i);
    const ConfigValue tree = random_tree(rng, 4);
    const std::string text = to_yaml(tree);
    expect_equal(parse_yaml(text, "run.yaml"), tree);
    ASSERT_FALSE(HasFailure()) << text;
  }
}

TEST(ToYaml, QuotesWhatWouldNotReadBackAsText) {
  for (const char* text :
       {"", "~", "null", "a: b", "- a", "---", "... x", "#", " a", "a\nb", "*a", "[", "a #b"}) {
    const ConfigValue back = parse_yaml(to_yaml(ConfigValue::of(text)), "run.yaml");
    EXPECT_EQ(back.kind, Kind::scalar) << text;
    EXPECT_EQ(back.scalar, text);
  }
}

TEST(ToYaml, QuotesAKeyWithAColonThatHasNoValue) {
  for (const char* text : {"'seeds:0':", "{\"image_size:06\"}", " \"_a:\\\\_\":", "{'a:b': ~}"}) {
    const ConfigValue value = parse_yaml(text, "run.yaml");
    expect_equal(value, parse_yaml(to_yaml(value), "run.yaml"));
  }
}

TEST(ToYaml, KeepsLongTextAndKeys) {
  ConfigValue map;
  map.set(std::string(3000, 'k'), ConfigValue::of(std::string(5000, 'v'), true));
  expect_equal(parse_yaml(to_yaml(map), "run.yaml"), map);
}

TEST(ToYaml, IsPlainWhereItCanBe) {
  EXPECT_EQ(to_yaml(parse_yaml("optimizer: {name: gdas, sizes: [1, '2']}\nseeds: 0..99", "run.yaml")),
            "optimizer:\n  name: gdas\n  sizes: [1, \"2\"]\nseeds: 0..99\n");
}

}  // namespace
}  // namespace espalier::host
