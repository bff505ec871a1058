#include <espalier/graph/graph_data.h>
#include <espalier/layers/primitives.h>
#include <espalier/plugin/plugin.h>
#include <espalier/space/search_space.h>

namespace ops = espalier::primitives;

class TinySpace final : public espalier::SearchSpace {
 public:
  explicit TinySpace(const espalier::Config& config) {
    const int channels = static_cast<int>(
        config.integer("channels", 8, "channels of the cells", espalier::between(1L, 1024L)));

    espalier::Graph cell("cell");
    cell.add_node_range(1, 3).add_edges_densely();

    espalier::Graph macro("macro");
    macro.add_node_range(1, 5).add_edges({{1, 2}, {2, 3}, {3, 4}, {4, 5}});
    macro.edge(1, 2).set_op(ops::stem(channels));
    macro.edge(2, 3).set_op(cell.copy().set_scope("cells"));
    macro.edge(3, 4).set_op(cell.copy().set_scope("cells"));
    macro.edge(4, 5).set_op(ops::classifier(10));

    macro.update_edges(
        [&](espalier::EdgeData& edge) {
          edge.set_op(espalier::Candidates{ops::identity(), ops::relu_conv_bn(channels, 3), ops::max_pool()});
        },
        {"cells"});
    define(macro, {"cells"}, {3, 32, 32});
  }
};

ESPALIER_SEARCH_SPACE(tiny_space, TinySpace, "1.0.0")
