#pragma once

#include <utility>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/space/search_space.h"

namespace espalier::testing {

/// A chain with a second classifier in the middle, and one choice for it to be a space: nothing, or a
/// convolution whose path may be dropped.
class HeadedSpace final : public SearchSpace {
 public:
  explicit HeadedSpace(bool headed) : SearchSpace(definition(headed)) { set_name("headed"); }

 private:
  static SpaceDefinition definition(bool headed) {
    Graph macro("macro");
    macro.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    macro.edge(1, 2).set_op(primitives::stem(4));
    macro.edge(2, 3).set_op(
        Candidates{primitives::identity(), primitives::with_drop_path(primitives::relu_conv_bn(4, 3))});
    macro.edge(3, 4).set_op(primitives::classifier(4));
    if (headed)
      macro.on_prepare_evaluation(
          [](Graph& graph) { graph.node(3).set_auxiliary_head(primitives::auxiliary_head(4)); });
    return {.graph = std::move(macro), .input_shape = {3, 8, 8}};
  }
};

}  // namespace espalier::testing
