#include "espalier/exports/identifiers.h"

#include <gtest/gtest.h>

namespace espalier::exports {
namespace {

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

}  // namespace
}  // namespace espalier::exports
