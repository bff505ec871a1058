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

/// Graphviz by itself sorts clusters by where in memory their names are.
TEST(Render, ADescriptionIsOnePictureWhateverWasDrawnBefore) {
  const std::string description =
      "digraph picture { subgraph cluster_a { label=\"one\"; a1 -> a2 } subgraph cluster_b { label=\"two\"; "
      "b1 -> b2 } "
      "subgraph cluster_c { label=\"three\"; c1 -> c2 } a2 -> b1 -> c1; }";
  const std::string first = render(description, "svg");
  EXPECT_LT(first.find(">one<"), first.find(">two<"));
  EXPECT_LT(first.find(">two<"), first.find(">three<"));
  for (int i = 0; i < 20; ++i) {
    render("digraph other { subgraph cluster_b" + std::string(static_cast<std::size_t>(3 * i), 'x') +
               " { x -> y } }",
           "svg");
    ASSERT_EQ(render(description, "svg"), first);
  }
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
