#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/has_hand_made.h"
#include "espalier/space/search_space.h"
#include "espalier/space/token_reader.h"

using namespace espalier;

/// NAS-Bench-Macro (Su et al., 2021): a chain of eight layers in three stages, each layer an identity or one
/// of two inverted residual blocks.
class NASBenchMacro final : public SearchSpace, public HasHandMade {
 public:
  explicit NASBenchMacro(const Config& config) : SearchSpace(definition(config)) {}

  std::vector<HandMade> hand_made() const override {
    return {{.name = "mobilenet",
             .architecture = "11111111",
             .source =
                 "The same inverted residual block in each layer, as MobileNetV2 has it (Sandler et al., "
                 "2018), with a kernel of 3×3 and three times as many channels within."}};
  }
  std::string width_option() const override { return "channels"; }

 protected:
  std::string to_string_impl(const Architecture& architecture) const override {
    std::string digits;
    for (std::size_t layer = 0; layer < kLayers; ++layer) digits += kDigits[architecture[layer]];
    return digits;
  }

  Architecture parse_impl(std::string_view text) const override {
    TokenReader in{text};
    Architecture architecture = Architecture::zeros(kLayers);
    for (std::size_t layer = 0; layer < kLayers; ++layer) {
      const std::size_t digit = in.at_end() ? kDigits.npos : kDigits.find(in.rest().front());
      if (digit == kDigits.npos)
        refuse(in, "0 (identity), 1 (mb3_k3) or 2 (mb6_k5) for layer " + std::to_string(layer + 1));
      architecture.set(layer, digit);
      ++in.position;
    }
    if (!in.at_end()) refuse(in, "the end: a network has eight layers");
    return architecture;
  }

 private:
  static constexpr std::array<int, 3> kStages = {2, 3, 3};  ///< how many layers each has
  static constexpr std::size_t kLayers = 8;
  static constexpr std::string_view kDigits = "012";  ///< of the candidates, in the authors' strings
  static constexpr int kFeatures = 1280;              ///< the channels that enter the classifier

  [[noreturn]] static void refuse(const TokenReader& in, const std::string& expected) {
    constexpr std::size_t kLongest = 100;
    throw UsageError(
        {.what = "not a NAS-Bench-Macro network: " + in.found(),
         .where = "character " + std::to_string(in.position + 1) + " of " + quoted(in.text, kLongest),
         .expected = expected,
         .remedy = "write a network as eight digits, one for each layer, such as 22212220"});
  }

  static SpaceDefinition definition(const Config& config) {
    const int classes =
        config.integer("classes", 10, "how many classes the network tells apart", between(1, 100'000));
    int channels =
        config.integer("channels", 32, "how many channels the first convolution has; each stage doubles them",
                       between(1, 1024));
    const int size =
        config.integer("image_size", 32, "the height and width of the images, in pixels", between(4, 1024));
    const int image_channels = config.integer(
        "image_channels", 3, "how many channels the images have: 3 for color, 1 for gray", between(1, 1024));

    Graph macro("nasbench_macro");
    macro.append(primitives::conv_bn_relu(channels, 3, 1, Affine::always).renamed("stem"));
    int layer = 0;
    for (const int layers : kStages) {
      for (int i = 0; i < layers; ++i) {
        const int in_channels = channels;
        const int stride = i == 0 ? 2 : 1;
        channels *= stride;
        macro.append(candidates(in_channels, channels, stride))
            .set_choice_name("layer_" + std::to_string(++layer));
      }
    }
    macro.append(primitives::conv_bn_relu(kFeatures, 1, 1, Affine::always).renamed("features"));
    macro.append(primitives::classifier(classes));
    return {.graph = std::move(macro), .input_shape = {image_channels, size, size}};
  }

  static Candidates candidates(int in_channels, int channels, int stride) {
    return {
        identity(channels, stride),
        inverted_residual(in_channels, channels, stride, {.name = "mb3_k3", .expansion = 3, .kernel = 3}),
        inverted_residual(in_channels, channels, stride, {.name = "mb6_k5", .expansion = 6, .kernel = 5})};
  }

  /// Where the shape changes, a 1×1 convolution stands for the identity.
  static Primitive identity(int channels, int stride) {
    if (stride == 1) return primitives::identity();
    return {"identity", std::vector<Layer>{Conv2d{.out_channels = channels, .stride = stride},
                                           BatchNorm{Affine::evaluation}}};
  }

  struct Block {
    const char* name;
    int expansion;
    int kernel;
  };

  /// The inverted residual block of MobileNetV2 (Sandler et al., 2018): a 1×1 convolution to more channels, a
  /// depthwise one, and a 1×1 convolution back; the input is added where it has the shape of the result.
  static Primitive inverted_residual(int in_channels, int channels, int stride, const Block& block) {
    const BatchNorm norm{Affine::evaluation};
    const Conv2d depthwise = {
        .kernel = block.kernel, .stride = stride, .padding = block.kernel / 2, .groups = kDepthwise};
    std::vector<Primitive::Node> nodes = {
        {"expand", Conv2d{.out_channels = block.expansion * in_channels}, {Primitive::kInput}},
        {"expand_bn", norm, {0}},
        {"expand_relu", ReLU{}, {1}},
        {"depthwise", depthwise, {2}},
        {"depthwise_bn", norm, {3}},
        {"depthwise_relu", ReLU{}, {4}},
        {"project", Conv2d{.out_channels = channels}, {5}},
        {"project_bn", norm, {6}},
    };
    if (stride == 1) nodes.push_back({"sum", Sum{}, {Primitive::kInput, 7}});
    return {block.name, std::move(nodes)};
  }
};

ESPALIER_SEARCH_SPACE(nasbench_macro, NASBenchMacro, "1.0.0")
