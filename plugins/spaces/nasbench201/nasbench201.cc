#include <string>
#include <utility>
#include <vector>

#include "cell_string.h"
#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/has_hand_made.h"
#include "espalier/space/search_space.h"

using namespace espalier;

/// NAS-Bench-201 (Dong & Yang, 2020): one cell of 4 nodes and 6 edges, repeated in three stages.
class NASBench201 final : public SearchSpace, public HasHandMade {
 public:
  explicit NASBench201(const Config& config) : SearchSpace(definition(config)) {}

  std::vector<HandMade> hand_made() const override {
    return {
        {.name = "resnet",
         .architecture = "|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|nor_conv_3x3~2|",
         .source = "The block of a ResNet (He et al., 2016): three convolutions in a row and a shortcut over "
                   "them."}};
  }
  std::string width_option() const override { return "channels"; }

 protected:
  std::string to_string_impl(const Architecture& architecture) const override {
    return nasbench201::print_cell(
        [&](std::size_t edge) { return choices()[edge].candidates[architecture[edge]]; });
  }

  Architecture parse_impl(std::string_view text) const override {
    return nasbench201::parse_cell(text, [&](std::size_t edge, std::string_view name, std::size_t position) {
      return candidate_index(edge, name, text, position);
    });
  }

 private:
  static SpaceDefinition definition(const Config& config) {
    const int classes =
        config.integer("classes", 10, "how many classes the network tells apart", between(1, 100'000));
    int channels =
        config.integer("channels", 16, "how many channels the first stage has; each later stage doubles them",
                       between(1, 1024));
    const int cells =
        config.integer("cells_per_stage", 5, "how many cells each of the three stages has", between(1, 100));
    const int size = config.integer(
        "image_size", 32, "the height and width of the images, in pixels: a multiple of 4", between(4, 1024));
    const int image_channels = config.integer(
        "image_channels", 3, "how many channels the images have: 3 for color, 1 for gray", between(1, 1024));
    check_halves(size, config);

    Graph cell("cell");
    cell.add_node_range(1, 4).add_edges_densely();

    Graph macro("nasbench201");

    const Scopes stages{"stage_1", "stage_2", "stage_3"};
    macro.append(primitives::stem(channels));
    for (const std::string& stage : stages) {
      if (stage != stages.front()) macro.append(primitives::residual_block(channels *= 2));
      for (int i = 0; i < cells; ++i) macro.append(cell.copy().set_scope(stage));
      macro.update_edges([&](EdgeData& edge) { edge.set_op(candidates(channels)); }, {stage});
    }
    macro.append(primitives::classifier(classes, /*bn_relu=*/true));
    return {.graph = std::move(macro), .scopes = stages, .input_shape = {image_channels, size, size}};
  }

  /// A residual block adds a convolution, which rounds half of an odd size up, and a pool, which rounds it
  /// down.
  static void check_halves(int size, const Config& config) {
    constexpr int kHalvedTwice = 4;
    if (size % kHalvedTwice == 0) return;
    const int below = size / kHalvedTwice * kHalvedTwice;
    throw UsageError({.what = "images of " + std::to_string(size) + "×" + std::to_string(size) +
                              " cannot be halved twice, as the second and the third stage do",
                      .where = espalier::to_string(config.where("image_size")),
                      .expected = "an image_size that is a multiple of 4",
                      .nearest = std::to_string(below) + " or " + std::to_string(below + kHalvedTwice),
                      .remedy = "set image_size of the dataset, where it has this option, and leave that of "
                                "the search space out"});
  }

  static Candidates candidates(int channels) {
    return {
        primitives::zero().renamed("none"),
        primitives::identity().renamed("skip_connect"),
        primitives::relu_conv_bn(channels, 1).renamed("nor_conv_1x1"),
        primitives::relu_conv_bn(channels, 3).renamed("nor_conv_3x3"),
        primitives::avg_pool().renamed("avg_pool_3x3"),
    };
  }
};

ESPALIER_SEARCH_SPACE(nasbench201, NASBench201, "1.0.0")
