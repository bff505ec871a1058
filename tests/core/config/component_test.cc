#include "espalier/config/component.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "espalier/errors/errors.h"
#include "espalier/host/config/yaml.h"

namespace espalier::host {
namespace {

using testing::HasSubstr;

Component parse(const std::string& yaml) {
  return Component::from(parse_yaml(yaml, "test.yaml"), "optimizer");
}

TEST(ComponentTest, ANameAlone) {
  const Component component = parse("gdas");
  EXPECT_EQ(component.name, "gdas");
  EXPECT_EQ(component.label, "gdas");
  EXPECT_EQ(component.options.kind, ConfigValue::Kind::map);
  EXPECT_TRUE(component.options.entries.empty());
  EXPECT_EQ(component.options.where.line, 1);
}

TEST(ComponentTest, AMapGivesLabelAndOptions) {
  const Component component = parse("{tau: 3, name: gdas, label: gdas-3, seed: 1}");
  EXPECT_EQ(component.name, "gdas");
  EXPECT_EQ(component.label, "gdas-3");
  ASSERT_EQ(component.options.entries.size(), 2U);
  EXPECT_EQ(component.options.entries[0].first, "tau");
  EXPECT_EQ(component.options.entries[0].second.scalar, "3");
  EXPECT_EQ(component.options.entries[1].first, "seed");
}

class BadComponentTest : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BadComponentTest, SaysWhatAndWhere) {
  const auto [yaml, message] = GetParam();
  try {
    parse(yaml);
    FAIL() << yaml << " was taken";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.details().what, HasSubstr("optimizer"));
    EXPECT_THAT(error.details().what, HasSubstr(message));
    EXPECT_THAT(error.details().where, HasSubstr("test.yaml"));
    EXPECT_FALSE(error.details().expected.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadComponentTest,
    testing::Values(std::pair("[gdas, darts]", "a list"), std::pair("~", "empty"), std::pair("''", "missing"),
                    std::pair("{tau: 3}", "missing"), std::pair("{name: [a]}", "missing"),
                    std::pair("{name: {a: b}}", "missing"), std::pair("{name: }", "missing"),
                    std::pair("{name: a, label: ''}", "label"), std::pair("{name: a, label: }", "label"),
                    std::pair("{name: a, label: [b]}", "label"), std::pair("{name: a, label: a/b}", "a/b"),
                    std::pair("{name: a, label: ..}", "'..'"), std::pair("{name: a, label: .}", "'.'"),
                    std::pair("{name: a, label: 'a b'}", "a b"), std::pair("{name: a, label: é}", "label")));

// A name that no plugin can have is refused here at the latest: it would name a folder.
TEST(ComponentTest, ANameThatCannotBeALabelIsRefused) { EXPECT_THROW(parse("../gdas"), UsageError); }

}  // namespace
}  // namespace espalier::host
