#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exports/model_source.h"
#include "exports/numbered_text.h"
#include "exports/python_lines.h"

namespace espalier::exports {
namespace {

using ::testing::ElementsAre;

TEST(PythonLiteral, EscapesEverything) {
  EXPECT_EQ(python_literal("a\"\\\n"), R"("a\"\\\n")");
  EXPECT_EQ(python_literal("ü"), R"("\u00fc")");
  EXPECT_EQ(python_literal("\xff"), R"("\ufffd")");
}

TEST(CommonText, NamesTheNumbersThatDiffer) {
  const auto conv = [](int in, int out) {
    return "Conv(" + marked("in_channels", in) + ", " + marked("out_channels", out) + ", " +
           marked("kernel", 3) + ")";
  };
  const CommonText common = common_text({conv(4, 8), conv(8, 16)});
  EXPECT_EQ(common.text, "Conv(in_channels, out_channels, 3)");
  EXPECT_THAT(common.arguments, ElementsAre("in_channels", "out_channels"));
  EXPECT_THAT(common.values, ElementsAre(ElementsAre(4, 8), ElementsAre(8, 16)));
  EXPECT_EQ(common_text({conv(4, 4), conv(8, 8)}).text, "Conv(channels, channels, 3)");
  EXPECT_EQ(common_text({conv(4, 8)}).text, "Conv(4, 8, 3)");
  EXPECT_EQ(plain(conv(4, 8)), "Conv(4, 8, 3)");
}

TEST(PythonLines, AreBrokenAtTheArgumentsOfTheOutermostCall) {
  const std::string part = "conv=nn.Conv2d(16, 16, 3, padding=1, bias=False)";
  EXPECT_EQ(wrapped("    x = chain(a=f(1))\n"), "    x = chain(a=f(1))\n");
  EXPECT_EQ(wrapped("x = chain(" + part + ", " + part + ", relu=nn.ReLU())\n"),
            "x = chain(\n    " + part + ",\n    " + part + ",\n    relu=nn.ReLU(),\n)\n");
}

}  // namespace
}  // namespace espalier::exports
