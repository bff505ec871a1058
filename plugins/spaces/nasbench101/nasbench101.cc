#include <string>
#include <utility>
#include <vector>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/dag_space.h"
#include "espalier/space/has_hand_made.h"
#include "networks.h"

using namespace espalier;

/// NAS-Bench-101 (Ying et al., 2019): a cell of at most seven vertices and nine edges, repeated in three
/// stacks.
class NASBench101 final : public DagSpace, public HasHandMade {
 public:
  explicit NASBench101(const Config& config) : DagSpace(definition(config), nasbench101::cells()) {}

  std::vector<HandMade> hand_made() const override {
    return {
        {.name = "resnet",
         .architecture = "|conv3x3-bn-relu~0|conv3x3-bn-relu~1|output~0~2|",
         .source = "The block of a ResNet (He et al., 2016): two convolutions and a shortcut over them."},
        {.name = "inception",
         .architecture = "|conv1x1-bn-relu~0|conv3x3-bn-relu~0|conv3x3-bn-relu~0|conv3x3-bn-relu~3|"
                         "maxpool3x3~0|output~1~2~4~5|",
         .source = "A cell like that of Inception (Szegedy et al., 2015), with two convolutions of 3×3 in "
                   "place of one of 5×5 (Ying et al., 2019)."}};
  }
  std::string width_option() const override { return "channels"; }

 private:
  static SpaceDefinition definition(const Config& config) {
    const int classes =
        config.integer("classes", 10, "how many classes the network tells apart", between(1, 100'000));
    int channels = config.integer("channels", 128,
                                  "how many channels the first stack has; each later stack doubles them",
                                  between(5, 1024));
    const int cells =
        config.integer("cells_per_stack", 3, "how many cells each of the three stacks has", between(1, 100));
    const int size =
        config.integer("image_size", 32, "the height and width of the images, in pixels", between(4, 1024));
    const int image_channels = config.integer(
        "image_channels", 3, "how many channels the images have: 3 for color, 1 for gray", between(1, 1024));

    Graph macro("nasbench101");
    const Scopes stacks{"stack_1", "stack_2", "stack_3"};
    const Graph skeleton = dag_cell(nasbench101::cells().vertices);
    macro.append(primitives::conv_bn_relu(channels, 3, 1, Affine::always).renamed("stem"));
    for (const std::string& stack : stacks) {
      if (stack != stacks.front()) {
        macro.append(Primitive("downsample", {MaxPool{.kernel = 2, .stride = 2, .padding = 0}}));
        channels *= 2;
      }
      for (int i = 0; i < cells; ++i)
        macro.append(nasbench101::make_cell(skeleton.copy(), channels).set_scope(stack));
    }
    macro.append(primitives::classifier(classes));
    return {.graph = std::move(macro), .scopes = stacks, .input_shape = {image_channels, size, size}};
  }
};

ESPALIER_SEARCH_SPACE(nasbench101, NASBench101, "1.0.0")
