#include "espalier/layers/primitive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Node = Primitive::Node;
using Nodes = std::vector<Node>;
constexpr int kInput = Primitive::kInput;

std::string refusal(Nodes nodes) {
  try {
    const Primitive primitive("broken", std::move(nodes));
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Primitive, OfASequenceNamesItsLayersByKind) {
  const Primitive primitive(
      "two", std::vector<Layer>{ReLU{}, Conv2d{.out_channels = 4}, BatchNorm{}, ReLU{}, Conv2d{}, Dropout{}});
  std::vector<std::string> names;
  for (const Node& node : primitive.nodes()) names.push_back(node.name);
  EXPECT_THAT(names, ElementsAre("relu", "conv", "bn", "relu_2", "conv_2", "dropout"));
  EXPECT_THAT(primitive.nodes()[0].inputs, ElementsAre(kInput));
  EXPECT_THAT(primitive.nodes()[4].inputs, ElementsAre(3));
}

TEST(Primitive, ThatForksInfersThroughItsGraph) {
  const Primitive fork("fork", Nodes{{"left", Conv2d{.out_channels = 3}, {kInput}},
                                     {"right", Conv2d{.out_channels = 5}, {kInput}},
                                     {"join", Concat{}, {0, 1, kInput}}});
  EXPECT_EQ(fork.output_shape(Shape{2, 4, 4}), (Shape{10, 4, 4}));
  const Shape input{2, 4, 4};
  EXPECT_EQ(fork.parameters({&input, 1}, Purpose::search), 2 * 3 + 2 * 5);
  EXPECT_EQ(fork.flops({&input, 1}), (2 * 3 + 2 * 5) * 16);
  EXPECT_EQ(fork.multiply_adds({&input, 1}), (2 * 3 + 2 * 5) * 16);
}

TEST(Primitive, TakesAllThatEntersInOrder) {
  const Primitive join("join", std::vector<Layer>{Concat{}, ReLU{}});
  const std::vector<Shape> inputs{{2, 4, 4}, {3, 4, 4}};
  EXPECT_EQ(join.output_shape(inputs), (Shape{5, 4, 4}));
}

TEST(Primitive, RenamedKeepsItsLayers) {
  const Primitive primitive("a", std::vector<Layer>{Conv2d{.out_channels = 4}});
  const Primitive renamed = primitive.renamed("b");
  EXPECT_EQ(renamed.name(), "b");
  EXPECT_EQ(primitive.name(), "a");
  EXPECT_EQ(renamed.nodes().front().layer, primitive.nodes().front().layer);
}

TEST(Primitive, RefusesGraphsThatAreNone) {
  EXPECT_THAT(refusal({}), HasSubstr("without layers"));
  EXPECT_THAT(refusal({{"a", ReLU{}, {kInput}}, {"a", ReLU{}, {0}}}),
              AllOf(HasSubstr("name a"), HasSubstr("broken")));
  EXPECT_THAT(refusal({{"a", ReLU{}, {0}}}), HasSubstr("input 0"));
  EXPECT_THAT(refusal({{"a", ReLU{}, {1}}, {"b", ReLU{}, {0}}}), HasSubstr("earlier layer"));
  EXPECT_THAT(refusal({{"a", ReLU{}, {-2}}}), HasSubstr("input -2"));
  EXPECT_THAT(refusal({{"a", ReLU{}, {}}}), HasSubstr("nothing enters a"));
  EXPECT_THAT(refusal({{"", ReLU{}, {kInput}}}), HasSubstr("without a name"));
}

TEST(Primitive, SaysWhichLayerDoesNotFit) {
  const Primitive primitive("wide", std::vector<Layer>{ReLU{}, Conv2d{.kernel = 7}});
  try {
    (void)primitive.output_shape(Shape{1, 4, 4});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.details().where, "wide.conv");
    EXPECT_THAT(error.what(), HasSubstr("1×4×4"));
  }
}

}  // namespace
}  // namespace espalier
