#include <espalier/graph/graph_data.h>
#include <espalier/layers/primitives.h>
#include <espalier/plugin/plugin.h>
#include <espalier/space/search_space.h>

namespace ops = espalier::primitives;

/// A cell of four nodes, the same in two stages. Each of its six edges is one of four operations: 4,096
/// architectures.
class MySearchSpace final : public espalier::SearchSpace {
 public:
  explicit MySearchSpace(const espalier::Config& config) {
    const int channels = static_cast<int>(
        config.integer("channels", 16, "channels of the first stage; the second has twice as many",
                       espalier::between(1L, 1024L)));
    const int classes = static_cast<int>(config.integer("classes", 10, "classes that the network tells apart",
                                                        espalier::between(1L, 100'000L)));

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
    define(network, {"stage_1", "stage_2"}, {.channels = 3, .height = 32, .width = 32});
  }

 private:
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
