#include <ATen/ATen.h>
#include <espalier/graph/graph_data.h>
#include <espalier/layers/exports_layer.h>
#include <espalier/layers/primitives.h>
#include <espalier/network/compile/module_layer.h>
#include <espalier/plugin/plugin.h>
#include <espalier/space/search_space.h>

#include <memory>
#include <utility>
#include <vector>

namespace ops = espalier::primitives;

namespace {

/// Computes the layer, x · sigmoid(βx), on tensors.
class MyLayerModule final : public espalier::LayerModule {
 public:
  explicit MyLayerModule(int channels) : beta_(register_parameter("beta", at::empty({channels, 1, 1}))) {}
  void initialize(espalier::Rng&) override { beta_.fill_(1.0); }
  at::Tensor forward(const std::vector<at::Tensor>& inputs) override {
    return inputs.front() * at::sigmoid(beta_ * inputs.front());
  }

 private:
  at::Tensor beta_;
};

/// Swish (Ramachandran et al., 2017) with a β that each channel learns, as search spaces see it: its shape
/// and its counts.
class MyLayer final : public espalier::ModuleLayer, public espalier::ExportsLayer {
 public:
  std::string_view kind() const override { return "my_layer"; }
  std::string describe() const override { return "my_layer"; }
  espalier::Shape output_shape(std::span<const espalier::Shape> inputs) const override {
    return inputs.front();
  }
  std::int64_t parameters(std::span<const espalier::Shape> inputs, espalier::Purpose) const override {
    return inputs.front().channels;
  }
  /// Three operations for each number: two products and the sigmoid.
  std::int64_t flops(std::span<const espalier::Shape> inputs) const override {
    return 3 * inputs.front().elements();
  }
  std::shared_ptr<espalier::LayerModule> make_module(std::span<const espalier::Shape> inputs,
                                                     espalier::Purpose) const override {
    return std::make_shared<MyLayerModule>(inputs.front().channels);
  }

  // How `espalier export` writes it for PyTorch and for ONNX.
  std::string torch_expression(const espalier::LayerCode& code) const override {
    const std::string& x = code.inputs.front();
    return x + " * torch.sigmoid(" + code.weight("beta") + " * " + x + ")";
  }
  std::vector<espalier::OnnxNode> onnx_nodes(const espalier::LayerCode& code,
                                             const std::string& output) const override {
    const std::string& x = code.inputs.front();
    return {{.op = "Mul", .inputs = {code.weight("beta"), x}, .outputs = {output + ".scaled"}},
            {.op = "Sigmoid", .inputs = {output + ".scaled"}, .outputs = {output + ".gate"}},
            {.op = "Mul", .inputs = {x, output + ".gate"}, .outputs = {output}}};
  }
};

/// A candidate operation: a 3×3 convolution, batch norm, and the layer.
espalier::Primitive conv_bn_my_layer(int channels) {
  return {"conv_bn_my_layer",
          {espalier::Conv2d{.out_channels = channels, .kernel = 3, .padding = 1},
           espalier::BatchNorm{.affine = espalier::Affine::evaluation},
           espalier::CustomLayer{std::make_shared<MyLayer>()}}};
}

}  // namespace

/// A search space in which the layer is part of a candidate, as it can be in any space.
class MyLayerSpace final : public espalier::SearchSpace {
 public:
  explicit MyLayerSpace(const espalier::Config& config) : SearchSpace(definition(config)) {}

 private:
  static espalier::SpaceDefinition definition(const espalier::Config& config) {
    const int channels =
        config.integer("channels", 16, "how many channels the cells have", espalier::between(1, 1024));

    espalier::Graph cell("cell");
    cell.add_node_range(1, 3).add_edges_densely();
    cell.update_edges([channels](espalier::EdgeData& edge) {
      edge.set_op(
          espalier::Candidates{ops::identity(), ops::conv_bn_relu(channels, 3), conv_bn_my_layer(channels)});
    });

    espalier::Graph network("network");
    network.add_node_range(1, 5).add_edges({{1, 2}, {2, 3}, {3, 4}, {4, 5}});
    network.edge(1, 2).set_op(ops::stem(channels));
    network.edge(2, 3).set_op(cell.copy().set_scope("cells"));
    network.edge(3, 4).set_op(cell.copy().set_scope("cells"));
    network.edge(4, 5).set_op(ops::classifier(10));
    return {.graph = std::move(network),
            .scopes = {"cells"},
            .input_shape = {.channels = 3, .height = 32, .width = 32}};
  }
};

ESPALIER_SEARCH_SPACE(my_layer, MyLayerSpace, "1.0.0")
