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
#include "networks.h"

using namespace espalier;

/// The cell space of TransNAS-Bench-101 (Duan et al., 2021): a cell of four nodes and six edges in a network
/// of five modules, of which the first, third and fifth halve the size and double the channels.
class TransNAS101Micro final : public SearchSpace, public HasHandMade {
 public:
  explicit TransNAS101Micro(const Config& config) : SearchSpace(definition(config)) {}

  std::vector<HandMade> hand_made() const override {
    return {{.name = "resnet",
             .architecture = "64-41414-3_03_103",
             .source =
                 "The block of a ResNet (He et al., 2016): three convolutions in a row and a shortcut over "
                 "them."}};
  }
  std::string width_option() const override { return "channels"; }

 protected:
  std::string to_string_impl(const Architecture& architecture) const override {
    std::string text = std::string(transnas101::kPrefix) + std::string(kModules) + "-";
    for (std::size_t edge = 0; edge < kEdges; ++edge) {
      if (begins_node(edge)) text += '_';
      text += kDigits[architecture[edge]];
    }
    return text;
  }

  Architecture parse_impl(std::string_view text) const override {
    TokenReader in{text};
    for (const std::string_view token : {transnas101::kPrefix, kModules, std::string_view("-")}) {
      if (!in.accept(token)) transnas101::refuse(in, quoted(token, token.size()), remedy(text));
    }
    Architecture architecture = Architecture::zeros(kEdges);
    for (std::size_t edge = 0; edge < kEdges; ++edge) {
      if (begins_node(edge) && !in.accept("_")) transnas101::refuse(in, "\"_\"", remedy(text));
      const std::size_t digit = in.at_end() ? kDigits.npos : kDigits.find(in.rest().front());
      if (digit == kDigits.npos)
        transnas101::refuse(in, "0 (none), 1 (skip_connect), 2 (nor_conv_1x1) or 3 (nor_conv_3x3)",
                            remedy(text));
      architecture.set(edge, digit);
      ++in.position;
    }
    if (!in.at_end()) transnas101::refuse(in, "the end: a cell has six edges", remedy(text));
    return architecture;
  }

 private:
  static constexpr std::size_t kEdges = 6;
  static constexpr std::string_view kModules = "41414";
  static constexpr std::string_view kDigits = "0123";  ///< of the candidates, in the authors' strings

  /// Whether an edge is the first into the third or the fourth node.
  static bool begins_node(std::size_t edge) { return edge == 1 || edge == 3; }

  static std::string remedy(std::string_view text) {
    if (text.find("basic") != text.npos)
      return "write search_space: transnas101_macro, or --space transnas101_macro, for networks of basic "
             "blocks";
    return "write a cell as 64-41414-1_02_333, a digit for each edge";
  }

  static SpaceDefinition definition(const Config& config) {
    const transnas101::NetworkOptions options = transnas101::read_options(config);
    Graph cell("cell");
    cell.add_node_range(1, 4).add_edges_densely();

    Graph network("transnas101_micro");
    network.append(transnas101::stem(options.channels));
    transnas101::Block block = {.channels = options.channels};
    Scopes scopes;
    for (const char kind : kModules) {
      scopes.push_back("module_" + std::to_string(scopes.size() + 1));
      block = transnas101::first_block(kind - '0', block.channels);
      for (int i = 0; i < transnas101::kBlocks; ++i) {
        Graph placed = cell.copy().set_scope(scopes.back());
        placed.update_edges([&](EdgeData& edge) {
          const bool changes_shape = edge.from() == 1;
          edge.set_op(candidates(block.channels, changes_shape ? block.stride : 1));
        });
        network.append(std::move(placed));
        block.stride = 1;
      }
    }
    network.append(primitives::classifier(options.classes));
    return {.graph = std::move(network), .scopes = std::move(scopes), .input_shape = options.images};
  }

  static Candidates candidates(int channels, int stride) {
    const Primitive skip = stride == 1 ? primitives::identity() : primitives::factorized_reduce(channels);
    return {
        primitives::zero(stride, channels).renamed("none"),
        skip.renamed("skip_connect"),
        primitives::relu_conv_bn(channels, 1, stride).renamed("nor_conv_1x1"),
        primitives::relu_conv_bn(channels, 3, stride).renamed("nor_conv_3x3"),
    };
  }
};

ESPALIER_SEARCH_SPACE(transnas101_micro, TransNAS101Micro, "1.0.0")
