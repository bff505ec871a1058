#pragma once

#include <string>
#include <utility>
#include <vector>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/space/search_space.h"

namespace espalier::testing {

/// A depthwise 3×3 convolution, a layer norm, and two 1×1 convolutions with a GELU between them, as in
/// ConvNeXt (Liu et al., 2022); the sum with the input.
inline Primitive convnext_block(int channels) {
  return Primitive("convnext", std::vector<Primitive::Node>{
                                   {"depthwise",
                                    Conv2d{.kernel = 3, .padding = 1, .groups = kDepthwise, .bias = true},
                                    {Primitive::kInput}},
                                   {"norm", LayerNorm{}, {0}},
                                   {"expand", Conv2d{.out_channels = 2 * channels, .bias = true}, {1}},
                                   {"gelu", Activation{ActivationFunction::gelu}, {2}},
                                   {"project", Conv2d{.out_channels = channels, .bias = true}, {3}},
                                   {"sum", Sum{}, {Primitive::kInput, 4}},
                               });
}

/// A 3×3 convolution of the first half of the channels alone, beside the second half as it is (Xu et al.,
/// 2020).
inline Primitive partial_conv(int channels) {
  const int half = channels / 2;
  return Primitive("partial_conv",
                   std::vector<Primitive::Node>{
                       {"first", Slice{.channels = half}, {Primitive::kInput}},
                       {"second", Slice{.begin = half, .channels = half}, {Primitive::kInput}},
                       {"relu", ReLU{}, {0}},
                       {"conv", Conv2d{.kernel = 3, .padding = 1}, {2}},
                       {"bn", BatchNorm{}, {3}},
                       {"concat", Concat{}, {4, 1}},
                   });
}

/// `function` of a 1×1 convolution with its batch norm, scaled by a squeeze and excitation of it, times the
/// input.
inline Primitive gated(const std::string& name, ActivationFunction function, int channels) {
  const std::vector<Primitive::Node> squeeze = primitives::squeeze_excitation(channels, 2).nodes();
  std::vector<Primitive::Node> nodes = {
      {"conv", Conv2d{.out_channels = channels}, {Primitive::kInput}},
      {"bn", BatchNorm{}, {0}},
      {"activation", Activation{function}, {1}},
  };
  for (Primitive::Node node : squeeze) {
    for (int& input : node.inputs) input = input == Primitive::kInput ? 2 : input + 3;
    nodes.push_back(std::move(node));
  }
  nodes.back().inputs.push_back(Primitive::kInput);
  return Primitive(name, std::move(nodes));
}

/// `function`, and then a 3×3 convolution.
inline Primitive activated_conv(const std::string& name, ActivationFunction function, int channels) {
  return Primitive(name, std::vector<Layer>{Activation{function},
                                            Conv2d{.out_channels = channels, .kernel = 3, .padding = 1},
                                            BatchNorm{Affine::evaluation}});
}

/// Stem, one cell that searches between blocks of slices, products, activations and layer norms, classifier.
class ModernSpace final : public SearchSpace {
 public:
  explicit ModernSpace(int channels = 4, int image_size = 6) : SearchSpace(definition(channels, image_size)) {
    set_name("modern");
  }

 private:
  static SpaceDefinition definition(int channels, int image_size) {
    Graph cell("cell");
    cell.add_node_range(1, 3).add_edges_densely();
    cell.edge(1, 2).set_op(candidates(channels));
    cell.edge(1, 3).set_op(candidates(channels));
    cell.edge(2, 3).set_op(Candidates{primitives::zero(), primitives::identity(),
                                      primitives::relu_conv_bn(channels, 3),
                                      activated_conv("sigmoid", ActivationFunction::sigmoid, channels),
                                      activated_conv("tanh", ActivationFunction::tanh, channels),
                                      activated_conv("elu", ActivationFunction::elu, channels),
                                      activated_conv("leaky_relu", ActivationFunction::leaky_relu, channels),
                                      activated_conv("relu6", ActivationFunction::relu6, channels)});
    cell.set_scope("cells");

    Graph macro("macro");
    macro.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    macro.edge(1, 2).set_op(primitives::stem(channels));
    macro.edge(2, 3).set_op(std::move(cell));
    macro.edge(3, 4).set_op(primitives::classifier(5, /*bn_relu=*/true));
    return {.graph = std::move(macro), .scopes = {"cells"}, .input_shape = {3, image_size, image_size}};
  }

  static Candidates candidates(int channels) {
    return {primitives::zero(),
            convnext_block(channels),
            partial_conv(channels),
            primitives::squeeze_excitation(channels, 2),
            gated("hard_swish", ActivationFunction::hard_swish, channels),
            gated("hard_sigmoid", ActivationFunction::hard_sigmoid, channels),
            activated_conv("silu", ActivationFunction::silu, channels),
            activated_conv("silu_2", ActivationFunction::silu, channels)};
  }
};

}  // namespace espalier::testing
