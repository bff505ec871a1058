#include "picture/render.h"

#include <gmock/gmock.h>

#include <string>

#include "espalier/errors/errors.h"

namespace espalier::picture {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Render, DrawsSeveralPicturesInOneProcess) {
  const std::string description = "digraph picture { a [label=<<B>first</B>>]; a -> b; }";
  const std::string first = render(description, "svg");
  EXPECT_THAT(first, HasSubstr(">first<"));
  EXPECT_THAT(render(description, "png"), StartsWith("\x89PNG"));
  EXPECT_EQ(render(description, "svg"), first);
  EXPECT_EQ(render(description, "dot"), description);
}

TEST(Render, PassesOnWhatGraphvizSays) {
  try {
    render("digraph { a [", "svg");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("syntax error in line 1"));
  }
}

}  // namespace
}  // namespace espalier::picture
