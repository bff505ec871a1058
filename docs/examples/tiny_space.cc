#include <espalier/graph/graph_data.h>
#include <espalier/layers/primitives.h>
#include <espalier/plugin/plugin.h>
#include <espalier/space/search_space.h>

#include <utility>

namespace ops = espalier::primitives;

class TinySpace final : public espalier::SearchSpace {
 public:
  explicit TinySpace(const espalier::Config& config) : SearchSpace(definition(config)) {}

 private:
  static espalier::SpaceDefinition definition(const espalier::Config& config) {
    const int channels =
        config.integer("channels", 8, "how many channels the cells have", espalier::between(1, 1024));

    espalier::Graph cell("cell");
    cell.add_node_range(1, 3).add_edges_densely();

    espalier::Graph macro("macro");
    macro.append(ops::stem(channels));
    macro.append(cell.copy().set_scope("cells"));
    macro.append(cell.copy().set_scope("cells"));
    macro.append(ops::classifier(10));

    macro.update_edges(
        [&](espalier::EdgeData& edge) {
          edge.set_op(espalier::Candidates{ops::identity(), ops::relu_conv_bn(channels, 3), ops::max_pool()});
        },
        {"cells"});
    return {.graph = std::move(macro),
            .scopes = {"cells"},
            .input_shape = {.channels = 3, .height = 32, .width = 32}};
  }
};

ESPALIER_SEARCH_SPACE(tiny_space, TinySpace, "1.0.0")
