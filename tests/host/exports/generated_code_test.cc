#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exports/identifiers.h"
#include "exports/model_source.h"
#include "exports/numbered_text.h"
#include "exports/python_lines.h"

namespace espalier::exports {
namespace {

using ::testing::ElementsAre;

TEST(Identifiers, AreTakenByPython) {
  EXPECT_EQ(identifier("nor_conv_3x3"), "nor_conv_3x3");
  EXPECT_EQ(identifier("conv3x3-bn-relu"), "conv3x3_bn_relu");
  EXPECT_EQ(identifier("3x3"), "n3x3");
  EXPECT_EQ(identifier("class"), "class_");
  EXPECT_EQ(identifier("forward"), "forward_");
  EXPECT_EQ(identifier(""), "n");
  EXPECT_EQ(identifier("a\nimport os"), "a_import_os");
  EXPECT_EQ(identifier("größe"), "gr____e");
  EXPECT_EQ(class_identifier("nor_conv_3x3"), "NorConv3x3");
  EXPECT_EQ(class_identifier("7"), "Block7");
}

TEST(Identifiers, StayApart) {
  Identifiers identifiers;
  EXPECT_EQ(identifiers.dotted("cell.a-b.conv"), "cell.a_b.conv");
  EXPECT_EQ(identifiers.dotted("cell.a_b.conv"), "cell.a_b_2.conv");
  EXPECT_EQ(identifiers.dotted("cell.a-b.bn"), "cell.a_b.bn");
}

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
