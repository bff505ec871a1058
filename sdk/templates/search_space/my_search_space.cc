#include <espalier/graph/graph_data.h>
#include <espalier/layers/primitives.h>
#include <espalier/plugin/plugin.h>
#include <espalier/space/search_space.h>

#include <string>
#include <utility>

namespace ops = espalier::primitives;

/// A cell of four nodes, repeated in two stages. Each of its six edges holds one of four operations, which
/// gives 4^6 = 4,096 architectures.
class MySearchSpace final : public espalier::SearchSpace {
 public:
  explicit MySearchSpace(const espalier::Config& config) : SearchSpace(definition(config)) {}

 private:
  static espalier::SpaceDefinition definition(const espalier::Config& config) {
    const int channels =
        config.integer("channels", 16, "how many channels the first stage has; the second has twice as many",
                       espalier::between(1, 1024));
    const int classes = config.integer("classes", 10, "how many classes the network tells apart",
                                       espalier::between(1, 100'000));

    espalier::Graph cell("cell");
    cell.add_node_range(1, 4).add_edges_densely();

    espalier::Graph network("network");
    network.add_node_range(1, 6).add_edges({{1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}});
    network.edge(1, 2).set_op(ops::stem(channels));
    network.edge(2, 3).set_op(cell.copy().set_scope("stage_1"));
    network.edge(3, 4).set_op(ops::residual_block(2 * channels));
    network.edge(4, 5).set_op(cell.copy().set_scope("stage_2"));
    network.edge(5, 6).set_op(ops::classifier(classes, /*bn_relu=*/true));

    set_candidates(network, "stage_1", channels);
    set_candidates(network, "stage_2", 2 * channels);
    return {.graph = std::move(network),
            .scopes = {"stage_1", "stage_2"},
            .input_shape = {.channels = 3, .height = 32, .width = 32}};
  }

  static void set_candidates(espalier::Graph& network, const std::string& stage, int channels) {
    network.update_edges(
        [channels](espalier::EdgeData& edge) {
          edge.set_op(espalier::Candidates{ops::zero(), ops::identity(), ops::relu_conv_bn(channels, 3),
                                           ops::sep_conv(channels, 5)});
        },
        {stage});
  }
};

ESPALIER_SEARCH_SPACE(my_search_space, MySearchSpace, "1.0.0")
