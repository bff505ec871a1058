#include "espalier/graph/attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

using ::testing::HasSubstr;

TEST(Attributes, HoldValuesOfAnyType) {
  Attributes attributes;
  attributes.set("stride", 2);
  attributes.set<std::string>("kind", "reduction");
  attributes.set("pointer", std::make_shared<double>(0.5));

  EXPECT_EQ(attributes.get<int>("stride"), 2);
  EXPECT_EQ(attributes.get<std::string>("kind"), "reduction");
  EXPECT_EQ(*attributes.get<std::shared_ptr<double>>("pointer"), 0.5);
  attributes.get<int>("stride") = 3;
  EXPECT_EQ(attributes.get<int>("stride"), 3);
  attributes.set<std::string>("stride", "now a text");
  EXPECT_EQ(attributes.get<std::string>("stride"), "now a text");
}

TEST(Attributes, CopiesShareSharedOnesOnly) {
  Attributes original;
  Attributes copy = original;
  original.set("private", 1);
  original.set("shared", 2, Sharing::shared_data);

  EXPECT_FALSE(copy.has("private"));
  EXPECT_TRUE(copy.is_shared("shared"));
  copy.get<int>("shared") = 5;
  EXPECT_EQ(original.get<int>("shared"), 5);
  EXPECT_EQ(copy.shared_identity(), original.shared_identity());

  Attributes late = original;
  late.get<int>("private") = 7;
  EXPECT_EQ(original.get<int>("private"), 1);
}

TEST(Attributes, SettingInOneKindRemovesFromTheOther) {
  Attributes attributes;
  attributes.set("key", 1, Sharing::shared_data);
  Attributes copy = attributes;
  attributes.set("key", 2);
  EXPECT_FALSE(attributes.is_shared("key"));
  EXPECT_FALSE(copy.has("key"));

  attributes.set("key", 3, Sharing::shared_data);
  EXPECT_TRUE(attributes.is_shared("key"));
  EXPECT_EQ(attributes.get<int>("key"), 3);
  EXPECT_EQ(copy.get<int>("key"), 3);
}

TEST(Attributes, EraseRemovesBothKinds) {
  Attributes attributes;
  attributes.set("a", 1);
  attributes.set("b", 2, Sharing::shared_data);
  attributes.erase("a");
  attributes.erase("b");
  attributes.erase("never there");
  EXPECT_FALSE(attributes.has("a"));
  EXPECT_FALSE(attributes.has("b"));
}

TEST(Attributes, RefuseUnknownNamesAndOtherTypes) {
  Attributes attributes;
  attributes.set("alpha", 1.5);
  try {
    attributes.get<double>("alhpa");
    FAIL() << "an unknown name was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("alhpa"));
    EXPECT_EQ(error.details().nearest, "alpha");
  }
  const Attributes& constant = attributes;
  try {
    (void)constant.get<int>("alpha");
    FAIL() << "another type was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.details().what, HasSubstr("int"));
    EXPECT_THAT(error.details().expected, HasSubstr("double"));
  }
  EXPECT_THROW(Attributes().get<int>("anything"), Error);
}

TEST(CloneMemo, DetachesFromTheOriginalButNotFromEachOther) {
  Attributes original;
  original.set("alpha", 1, Sharing::shared_data);
  Attributes first = original;
  Attributes second = original;
  CloneMemo memo;
  memo.detach(first);
  memo.detach(second);

  EXPECT_EQ(first.shared_identity(), second.shared_identity());
  EXPECT_NE(first.shared_identity(), original.shared_identity());
  first.get<int>("alpha") = 2;
  EXPECT_EQ(second.get<int>("alpha"), 2);
  EXPECT_EQ(original.get<int>("alpha"), 1);
}

}  // namespace
}  // namespace espalier
