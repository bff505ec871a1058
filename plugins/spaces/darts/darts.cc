#include <string>
#include <utility>

#include "cells.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/search_space.h"
#include "genotype.h"
#include "networks.h"

using namespace espalier;

/// The space of DARTS (Liu et al., 2019): a normal and a reduction cell of two inputs and four nodes.
class DARTS final : public SearchSpace {
 public:
  explicit DARTS(const Config& config) : SearchSpace(definition(config)) {}

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
    const int image_size = config.integer(
        "image_size", 32, "the height and width of the RGB images, in pixels", between(4, 1024));
    const int final_channels = config.integer(
        "evaluation_channels", 36,
        "how many channels the first cells of a network that is trained from scratch have", between(1, 1024));
    const int final_cells = config.integer(
        "evaluation_cells", 20, "how many cells a network that is trained from scratch has", between(3, 100));
    const bool auxiliary = config.boolean(
        "auxiliary", true, "whether a network that is trained from scratch has an auxiliary head");
    if (auxiliary) check_head_fits(image_size, config);

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
            .input_shape = {3, image_size, image_size}};
  }

  /// The head reads what two reductions leave of the image, and needs 8 pixels a side.
  static void check_head_fits(int image_size, const Config& config) {
    constexpr int kSmallest = 29;  // halved twice, rounded up: 8
    if (image_size >= kSmallest) return;
    throw UsageError({.what = "the auxiliary head does not fit images of " + std::to_string(image_size) +
                              "×" + std::to_string(image_size),
                      .where = espalier::to_string(config.where("image_size")),
                      .expected = "an image_size of at least " + std::to_string(kSmallest),
                      .remedy = "set auxiliary: false, or let the dataset enlarge its images"});
  }

  const std::vector<std::string>& operations() const { return choices().front().candidates; }
};

ESPALIER_SEARCH_SPACE(darts, DARTS, "1.0.0")
