#include <string>
#include <utility>
#include <vector>

#include "cells.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/has_hand_made.h"
#include "espalier/space/search_space.h"
#include "genotype.h"
#include "networks.h"

using namespace espalier;

/// The space of DARTS (Liu et al., 2019): a normal and a reduction cell of two inputs and four nodes.
class DARTS final : public SearchSpace, public HasHandMade {
 public:
  explicit DARTS(const Config& config) : SearchSpace(definition(config)) {}

  std::vector<HandMade> hand_made() const override {
    const std::string chain =
        "[('sep_conv_3x3', 1), ('skip_connect', 0), ('sep_conv_3x3', 2), ('skip_connect', 1), "
        "('sep_conv_3x3', 3), ('skip_connect', 2), ('sep_conv_3x3', 4), ('skip_connect', 3)]";
    return {{.name = "resnet",
             .architecture = "Genotype(normal=" + chain + ", normal_concat=range(2, 6), reduce=" + chain +
                             ", reduce_concat=range(2, 6))",
             .source = "A chain of four residual blocks (He et al., 2016) in each cell: a convolution and a "
                       "shortcut over it. The convolutions are separable, because the space has no others."}};
  }
  std::string width_option() const override { return "evaluation_channels"; }

 protected:
  void check_impl(const Architecture& architecture) const override { darts::check(architecture); }
  double size_impl() const override { return darts::size(); }
  Architecture at_impl(std::uint64_t index) const override { return darts::at(index); }
  std::uint64_t index_of_impl(const Architecture& found) const override { return darts::index_of(found); }
  Architecture sample_impl(Rng& rng) const override { return darts::sample(rng); }
  Architecture mutate_impl(const Architecture& parent, Rng& rng) const override {
    return darts::mutate(parent, rng);
  }
  std::vector<Architecture> neighbours_impl(const Architecture& architecture) const override {
    return darts::neighbours(architecture);
  }
  Architecture discretize_impl(const std::vector<std::vector<double>>& weights) const override {
    return darts::discretize(weights);
  }
  std::string to_string_impl(const Architecture& architecture) const override {
    return darts::print_genotype(architecture, operations());
  }
  Architecture parse_impl(std::string_view text) const override {
    return darts::parse_genotype(text, operations());
  }

 private:
  static SpaceDefinition definition(const Config& config) {
    const int classes =
        config.integer("classes", 10, "how many classes the network tells apart", between(1, 100'000));
    const int channels = config.integer(
        "channels", 16,
        "how many channels the first cells of the supernet have; each reduction cell doubles them",
        between(1, 1024));
    const int cells = config.integer(
        "cells", 8, "how many cells the supernet has, the two reduction cells included", between(3, 100));
    const int image_size =
        config.integer("image_size", 32, "the height and width of the images, in pixels", between(4, 1024));
    const int image_channels = config.integer(
        "image_channels", 3, "how many channels the images have: 3 for color, 1 for gray", between(1, 1024));
    const int final_channels = config.integer(
        "evaluation_channels", 36,
        "how many channels the first cells of a network that is trained from scratch have", between(1, 1024));
    const int final_cells = config.integer(
        "evaluation_cells", 20, "how many cells a network that is trained from scratch has", between(3, 100));
    const bool auxiliary = config.boolean(
        "auxiliary", true,
        "whether a network that is trained from scratch has an auxiliary head, which needs an image_size of "
        "29 or more");

    const darts::NetworkSize search = {
        .cells = cells, .channels = channels, .classes = classes, .auxiliary_head = auxiliary};
    const darts::NetworkSize evaluation = {
        .cells = final_cells, .channels = final_channels, .classes = classes, .auxiliary_head = auxiliary};
    Graph supernet = darts::make_network(search, Purpose::search, darts::make_cell("normal_cell"),
                                         darts::make_cell("reduction_cell"));
    supernet.on_prepare_evaluation(
        [cells, evaluation](Graph& found) { found = darts::with_cells_of(found, cells, evaluation); });
    return {.graph = std::move(supernet),
            .scopes = {"normal_1", "reduction_1", "normal_2", "reduction_2", "normal_3"},
            .input_shape = {image_channels, image_size, image_size}};
  }

  const std::vector<std::string>& operations() const { return choices().front().candidates; }
};

ESPALIER_SEARCH_SPACE(darts, DARTS, "1.0.0")
