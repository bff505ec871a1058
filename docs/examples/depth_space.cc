#include <espalier/graph/graph_data.h>
#include <espalier/layers/primitives.h>
#include <espalier/plugin/plugin.h>
#include <espalier/space/search_space.h>

#include <string>
#include <utility>

namespace ops = espalier::primitives;

/// A stage of two, three or four blocks, each of which chooses its kernel.
class DepthSpace final : public espalier::SearchSpace {
 public:
  explicit DepthSpace(const espalier::Config& config) : SearchSpace(definition(config)) {}

 private:
  static espalier::SpaceDefinition definition(const espalier::Config& config) {
    const int channels =
        config.integer("channels", 8, "how many channels the blocks have", espalier::between(1, 1024));
    constexpr int kDeepest = 4;
    espalier::Graph chain("stage");
    chain.add_node_range(1, kDeepest + 1);
    for (int block = 1; block <= kDeepest; ++block) {
      chain.add_edge(block, block + 1);
      chain.edge(block, block + 1)
          .set_op(espalier::Candidates{ops::relu_conv_bn(channels, 3), ops::relu_conv_bn(channels, 5)});
      chain.edge(block, block + 1).set_choice_name("block_" + std::to_string(block));
    }
    espalier::Candidates depths;
    for (int depth = 2; depth <= kDeepest; ++depth) {
      espalier::Graph copy = chain.copy();  // shares the choices of the blocks that it keeps
      for (int node = depth + 2; node <= kDeepest + 1; ++node) copy.remove_node(node);
      depths.push_back(copy.set_name("depth_" + std::to_string(depth)));
    }

    espalier::Graph network("network");
    network.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    network.edge(1, 2).set_op(ops::stem(channels));
    network.edge(2, 3).set_op(depths);
    network.edge(2, 3).set_choice_name("depth");
    network.edge(3, 4).set_op(ops::classifier(10));
    return {.graph = std::move(network), .input_shape = {.channels = 3, .height = 32, .width = 32}};
  }
};

ESPALIER_SEARCH_SPACE(depth_space, DepthSpace, "1.0.0")
