#include "espalier/exports/exported_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "espalier/errors/errors.h"
#include "espalier/exports/onnx_file.h"
#include "espalier/graph/graph.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitive.h"

namespace espalier::exports {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A convolution from 3 to 2 channels behind an identity, and a ReLU.
LayerGraph layers() {
  Graph graph("graph");
  graph.add_node_range(1, 2).add_edges({{1, 2}});
  graph.edge(1, 2).set_op(
      Primitive("block", std::vector<Layer>{Identity{}, Conv2d{.out_channels = 2, .kernel = 1}, ReLU{}}));
  return flatten(graph, {3, 4, 4}, Purpose::evaluation);
}

StoredTensors filters(const LayerGraph& graph, std::int64_t outputs) {
  const std::int64_t count = outputs * 3;
  StoredTensors weights;
  weights.tensors[graph.nodes.at(1).name + ".weight"] = {
      .type = "F32",
      .shape = {outputs, 3, 1, 1},
      .bytes = std::string(static_cast<std::size_t>(count) * sizeof(float), '\0')};
  return weights;
}

TEST(ExportedNetwork, OfLayersAloneKeepsWhatComputes) {
  const LayerGraph graph = layers();
  const ExportedNetwork network = exported_network(graph, filters(graph, 2), "test");
  ASSERT_EQ(network.graph.nodes.size(), 2U) << "without the identity";
  EXPECT_THAT(weights_of(network, network.graph.nodes[0]), ElementsAre("weight"));
  EXPECT_THAT(input_shapes(network.graph, network.graph.nodes[1]), ElementsAre(Shape{2, 4, 4}));
  const LayerCode code = layer_code(network, network.graph.nodes[0], {"x"}, "self.");
  EXPECT_EQ(code.weight("weight"), "self.weight");
  EXPECT_EQ(code.weight("bias"), "None");
  EXPECT_THAT(onnx_file(network), HasSubstr("Conv"));
}

TEST(ExportedNetwork, OfNoLayersHandsTheImagesOn) {
  const ExportedNetwork network = exported_network({.input = {3, 4, 4}, .nodes = {}}, {}, "test");
  EXPECT_THAT(onnx_file(network), ::testing::AllOf(HasSubstr("images"), HasSubstr("Flatten")));
}

TEST(ExportedNetwork, RefusesWeightsThatDoNotFit) {
  const LayerGraph graph = layers();
  EXPECT_THROW((void)exported_network(graph, filters(graph, 5), "test"), Error);
  EXPECT_THROW((void)exported_network(graph, {}, "test"), Error);
}

}  // namespace
}  // namespace espalier::exports
