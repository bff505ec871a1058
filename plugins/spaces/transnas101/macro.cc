#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/has_hand_made.h"
#include "espalier/space/search_space.h"
#include "modules.h"
#include "networks.h"

using namespace espalier;

namespace {

/// The block of a ResNet (He et al., 2016), its ReLUs before the convolutions.
Primitive basic_block(const transnas101::Block& block) {
  const Conv2d conv = {.out_channels = block.channels, .kernel = 3, .stride = block.stride, .padding = 1};
  std::vector<Primitive::Node> nodes = {
      {"relu", ReLU{}, {Primitive::kInput}},
      {"conv", conv, {0}},
      {"bn", BatchNorm{}, {1}},
      {"relu_2", ReLU{}, {2}},
      {"conv_2", Conv2d{.out_channels = block.channels, .kernel = 3, .padding = 1}, {3}},
      {"bn_2", BatchNorm{}, {4}},
  };
  int shortcut = Primitive::kInput;
  if (block.stride != 1 || block.in_channels != block.channels) {
    const Conv2d projection = {.out_channels = block.channels, .stride = block.stride};
    nodes.push_back({"shortcut_conv", projection, {Primitive::kInput}});
    nodes.push_back({"shortcut_bn", BatchNorm{}, {6}});
    shortcut = 7;
  }
  nodes.push_back({"sum", Sum{}, {shortcut, 5}});
  return {"basic_block", std::move(nodes)};
}

}  // namespace

/// The network space of TransNAS-Bench-101 (Duan et al., 2021): four to six modules of basic blocks, of which
/// one to four halve the size and one to three double the channels.
class TransNAS101Macro final : public SearchSpace, public HasHandMade {
 public:
  explicit TransNAS101Macro(const Config& config) : SearchSpace(definition(config)) {}

  std::vector<HandMade> hand_made() const override {
    return {{.name = "resnet",
             .architecture = "64-1444-basic",
             .source =
                 "The four modules of a ResNet-18 (He et al., 2016): two blocks each, and all but the first "
                 "halve the size and double the channels."}};
  }
  std::string width_option() const override { return "channels"; }

 protected:
  void check_impl(const Architecture& architecture) const override {
    transnas101::check_modules(architecture);
  }
  double size_impl() const override { return static_cast<double>(transnas101::networks().size()); }
  Architecture at_impl(std::uint64_t index) const override {
    return transnas101::networks()[std::min<std::uint64_t>(index, transnas101::networks().size() - 1)];
  }
  std::uint64_t index_of_impl(const Architecture& architecture) const override {
    return static_cast<std::uint64_t>(
        std::lower_bound(transnas101::networks().begin(), transnas101::networks().end(), architecture) -
        transnas101::networks().begin());
  }
  Architecture sample_impl(Rng& rng) const override {
    return transnas101::networks()[rng.below(transnas101::networks().size())];
  }

  std::string to_string_impl(const Architecture& architecture) const override {
    return transnas101::print_modules(architecture);
  }

  Architecture parse_impl(std::string_view text) const override { return transnas101::parse_modules(text); }

 private:
  static SpaceDefinition definition(const Config& config) {
    const transnas101::NetworkOptions options = transnas101::read_options(config);
    Graph graph("transnas101_macro");
    graph.append(transnas101::stem(options.channels));
    for (std::size_t module = 0; module < transnas101::kMostModules; ++module)
      graph.append(candidates(options.channels, module))
          .set_choice_name("module_" + std::to_string(module + 1));
    graph.append(primitives::classifier(options.classes));
    // How many channels enter a module follows from the modules before it.
    graph.on_prepare_evaluation([options](Graph& found) { found = network(found, options); });
    return {.graph = std::move(graph), .input_shape = options.images, .discrete_only = true};
  }

  /// The first blocks of the kinds of modules, as they are behind the stem.
  static Candidates candidates(int channels, std::size_t module) {
    Candidates all;
    if (module >= transnas101::kFewestModules) all.emplace_back(primitives::identity().renamed("none"));
    for (std::size_t i = 0; i < transnas101::kKinds.size(); ++i)
      all.emplace_back(basic_block(transnas101::first_block(static_cast<int>(i) + 1, channels))
                           .renamed(transnas101::kKinds[i]));
    return all;
  }

  /// The network of the modules that were chosen in `found`.
  static Graph network(const Graph& found, const transnas101::NetworkOptions& options) {
    Graph chain(found.name());
    chain.append(transnas101::stem(options.channels));
    transnas101::Block block = {.channels = options.channels};
    for (std::size_t module = 0; module < transnas101::kMostModules; ++module) {
      const int edge = static_cast<int>(module) + 2;
      const auto kind = std::ranges::find(transnas101::kKinds, found.edge(edge, edge + 1).op().name());
      if (kind == transnas101::kKinds.end()) break;
      block =
          transnas101::first_block(static_cast<int>(kind - transnas101::kKinds.begin()) + 1, block.channels);
      for (int i = 0; i < transnas101::kBlocks; ++i) {
        chain.append(basic_block(block));
        block = {.in_channels = block.channels, .channels = block.channels};
      }
    }
    chain.append(primitives::classifier(options.classes));
    return chain;
  }
};

ESPALIER_SEARCH_SPACE(transnas101_macro, TransNAS101Macro, "1.0.0")
