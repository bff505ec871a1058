#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/host/host.h"
#include "espalier/layers/exports_layer.h"
#include "espalier/layers/primitives.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/network/one_shot/single_path.h"
#include "exports/export_files.h"
#include "exports/verify.h"
#include "fixtures/plugins/scale_layer.h"
#include "host/program/program_fixture.h"
#include "network/modern_space.h"
#include "paths.h"

namespace espalier::testing {
namespace {

using exports::Format;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// A plugin's own layer that says how it is written.
class WrittenScale final : public ModuleLayer, public ExportsLayer {
 public:
  std::string_view kind() const override { return scale_.kind(); }
  std::string describe() const override { return scale_.describe(); }
  Shape output_shape(std::span<const Shape> inputs) const override { return scale_.output_shape(inputs); }
  std::int64_t parameters(std::span<const Shape> inputs, Purpose purpose) const override {
    return scale_.parameters(inputs, purpose);
  }
  std::int64_t flops(std::span<const Shape> inputs) const override { return scale_.flops(inputs); }
  std::shared_ptr<LayerModule> make_module(std::span<const Shape> inputs, Purpose purpose) const override {
    return scale_.make_module(inputs, purpose);
  }

  std::string torch_expression(const LayerCode& code) const override {
    return code.inputs.front() + " * " + code.weight("factor");
  }
  std::vector<OnnxNode> onnx_nodes(const LayerCode& code, const std::string& output) const override {
    return {{.op = "Mul", .inputs = {code.inputs.front(), code.weight("factor")}, .outputs = {output}}};
  }

 private:
  ScaleLayer scale_;
};

/// A third party's space whose layers, names and images are unusual.
class UnusualSpace final : public SearchSpace {
 public:
  explicit UnusualSpace(CustomLayer layer) : SearchSpace(definition(std::move(layer))) {
    set_name("unusual");
  }

 private:
  static SpaceDefinition definition(CustomLayer layer) {
    Graph cell("class");  // a keyword of Python
    cell.add_node_range(1, 3).add_edges_densely();
    cell.edge(1, 2).set_op(Candidates{Primitive("own \"layer\"", std::vector<Layer>{std::move(layer)}),
                                      Primitive("3x3", std::vector<Layer>{Conv2d{.kernel = 3, .padding = 1},
                                                                          ChannelShuffle{2}, Shift{1}})});
    cell.edge(1, 3).set_op(Candidates{primitives::zero(), primitives::identity()});
    cell.edge(2, 3).set_op(
        Candidates{primitives::zero(), Primitive("drop", std::vector<Layer>{Dropout{0.5}, DropPath{0.3}})});
    cell.set_scope("cells");
    Graph macro("macro");
    macro.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    macro.edge(1, 2).set_op(primitives::stem(4));
    macro.edge(2, 3).set_op(std::move(cell));
    macro.edge(3, 4).set_op(primitives::classifier(3, /*bn_relu=*/true));
    return {.graph = std::move(macro), .scopes = {"cells"}, .input_shape = {1, 9, 13}};
  }
};

/// Networks of random weights, written and run by PyTorch and ONNX Runtime.
class ExportedSpace : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    ::setenv("PYTHONPATH", (fs::path(paths::source) / "build/onnxruntime").c_str(), 1);
  }

  /// Weights as after a training: other statistics than those that a batch norm begins with.
  static StoredTensors trained_weights(const SearchSpace& space, const Architecture& architecture) {
    CompileOptions options;
    options.seed = 3;
    const auto network =
        compile(space.instantiate(architecture), space.input_shape(), Purpose::evaluation, options);
    network->train();
    const Shape& shape = space.input_shape();
    const at::NoGradGuard no_grad;
    network->forward(at::randn({8, shape.channels, shape.height, shape.width},
                               at::make_generator<at::CPUGeneratorImpl>(1)));
    return stored_weights(*network);
  }

  void expect_same_logits(const SearchSpace& space, const Architecture& architecture) {
    expect_same_logits(space, architecture, trained_weights(space, architecture), "from_scratch",
                       Purpose::evaluation);
  }

  void expect_same_logits(const SearchSpace& space, const Architecture& architecture,
                          const StoredTensors& weights, const std::string& trained_by, Purpose purpose) {
    SCOPED_TRACE(space.to_string(architecture));
    const auto trainer = host_.trainer(trained_by, "{threads: 1}");
    const auto& torch = *ability<const UsesWeights>(*trainer);
    const exports::ExportedNetwork network =
        exports::exported_network(space, architecture, weights, "weights", purpose);
    const std::vector<Format> formats(exports::kFormats.begin(), exports::kFormats.end());
    exports::ImageInput input{.dataset = "test",
                              .preparation = "",
                              .shape = space.input_shape(),
                              .mean = {},
                              .standard_deviation = {},
                              .classes = {}};
    input.mean.assign(static_cast<std::size_t>(input.shape.channels), 0.25);
    input.standard_deviation.assign(static_cast<std::size_t>(input.shape.channels), 0.5);
    input.classes.resize(static_cast<std::size_t>(network.graph.output().elements()), "a \"class\"\n?\?/");
    const fs::path folder = folder_ / std::to_string(++count_);
    exports::write_export(exports::export_files(network, input, {}, formats, *trainer), folder);
    const auto opened = torch.open_network(space, architecture, weights, "weights");
    const auto verified = exports::verify(folder, formats, *opened, input,
                                          exports::random_images(input.shape, 9), "/usr/bin/python3");
    ASSERT_TRUE(verified) << "scripts/install --develop installs python3-torch";
    for (const Format format : formats) {
      const exports::VerifiedFormat& ran = verified->formats.at(std::string(exports::name_of(format)));
      EXPECT_EQ(ran.missing, "") << "scripts/install --develop installs it";
      EXPECT_TRUE(exports::agrees(*verified, ran)) << exports::name_of(format) << " " << ran.difference;
      EXPECT_GT(verified->largest_logit, 0.0);
    }
  }

  /// The same within a supernet.
  void expect_same_inherited_logits(const SearchSpace& space) {
    Rng rng(6, "architectures");
    const Architecture architecture = space.sample(rng);
    SinglePath path(space);
    path.take(architecture);
    const auto network = compile(path.supernet(), space.input_shape(), Purpose::search);
    expect_same_logits(space, architecture, stored_weights(*network), "one_shot", Purpose::search);
  }

  void expect_same_logits(const SearchSpace& space) {
    Rng rng(5, "architectures");
    expect_same_logits(space, space.sample(rng));
  }

  host::Host host_;
  int count_ = 0;
};

TEST_F(ExportedSpace, Nasbench201) {
  const auto space =
      host_.search_space("nasbench201", "{channels: 4, cells_per_stage: 1, classes: 4, image_size: 8}");
  for (const char* cell : {"|nor_conv_3x3~0|+|none~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_1x1~1|none~2|",
                           "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"})
    expect_same_logits(*space, space->parse(cell));
}
TEST_F(ExportedSpace, Nasbench101) {
  expect_same_logits(*host_.search_space("nasbench101", "{classes: 4, channels: 6, cells_per_stack: 1}"));
}
TEST_F(ExportedSpace, DartsWithItsAuxiliaryHead) {
  expect_same_logits(
      *host_.search_space("darts", "{classes: 4, evaluation_channels: 2, evaluation_cells: 3}"));
}
TEST_F(ExportedSpace, Hierarchical) {
  expect_same_logits(*host_.search_space(
      "hierarchical", "{classes: 4, evaluation_channels: 2, evaluation_cells_per_stage: 1}"));
}
TEST_F(ExportedSpace, NasbenchMacro) {
  expect_same_logits(*host_.search_space("nasbench_macro", "{classes: 4, image_size: 32, channels: 2}"));
}
TEST_F(ExportedSpace, Transnas101) {
  expect_same_logits(*host_.search_space("transnas101_micro", "{classes: 4, image_size: 32, channels: 4}"));
  expect_same_logits(*host_.search_space("transnas101_macro", "{classes: 4, image_size: 32, channels: 4}"));
}
TEST_F(ExportedSpace, WithinASupernet) {
  expect_same_inherited_logits(
      *host_.search_space("nasbench101", "{classes: 4, channels: 6, cells_per_stack: 1}"));
  expect_same_inherited_logits(*host_.search_space("darts", "{classes: 4, channels: 4, cells: 3}"));
  expect_same_inherited_logits(
      *host_.search_space("nasbench_macro", "{classes: 4, image_size: 32, channels: 2}"));
}
/// Each candidate once: with them, every layer of the alphabet.
TEST_F(ExportedSpace, EveryLayer) {
  const ModernSpace space;
  for (const Architecture& architecture :
       {Architecture{1, 2, 2}, Architecture{3, 4, 3}, Architecture{5, 6, 4}, Architecture{7, 1, 5},
        Architecture{2, 3, 6}, Architecture{4, 5, 7}})
    expect_same_logits(space, architecture);
}
TEST_F(ExportedSpace, AThirdPartysWithUnusualNamesAndImages) {
  const UnusualSpace space(CustomLayer{std::make_shared<WrittenScale>()});
  expect_same_logits(space, Architecture{0, 1, 1});
  expect_same_logits(space, Architecture{1, 0, 1});
}

TEST_F(ExportedSpace, ALayerThatCannotBeWrittenIsRefusedByName) {
  const UnusualSpace space(CustomLayer{std::make_shared<ScaleLayer>()});
  const Architecture architecture{0, 1, 1};
  const StoredTensors weights = trained_weights(space, architecture);
  try {
    exports::exported_network(space, architecture, weights, "weights");
    ADD_FAILURE() << "it was written";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("the layer 'scale'"), HasSubstr("cannot be exported"),
                                    HasSubstr("ExportsLayer")));
  }
  EXPECT_NO_THROW(exports::exported_network(space, Architecture{1, 1, 1},
                                            trained_weights(space, Architecture{1, 1, 1}), "weights"))
      << "a network without the layer";
}

TEST_F(ExportedSpace, WeightsOfAnotherNetworkAreRefused) {
  const auto space = host_.search_space("nasbench201", "{channels: 4, cells_per_stage: 1}");
  const auto larger = host_.search_space("nasbench201", "{channels: 8, cells_per_stage: 1}");
  const Architecture cell = space->parse("|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|nor_conv_1x1~2|");
  const StoredTensors weights = trained_weights(*larger, cell);
  EXPECT_THROW(exports::exported_network(*space, cell, weights, "weights"), Error);
  EXPECT_THROW(exports::exported_network(*space, cell, {}, "weights"), Error);
}

}  // namespace
}  // namespace espalier::testing
