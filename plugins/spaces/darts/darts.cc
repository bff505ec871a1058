#include <string>

#include "cells.h"
#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/search_space.h"
#include "genotype.h"

namespace {

using namespace espalier;  // NOLINT(google-build-using-namespace): an example to read

/// The space of DARTS (Liu et al., 2019): a normal and a reduction cell of two inputs and four nodes.
class DARTS final : public SearchSpace {
 public:
  explicit DARTS(const Config& config) {
    const auto option = [&](const char* name, int fallback, const char* help, int min, int max) {
      return static_cast<int>(config.integer(name, fallback, help, between<std::int64_t>(min, max)));
    };
    classes_ = option("classes", 10, "classes that the network tells apart", 1, 100'000);
    const int channels = option("channels", 16, "of the supernet's first cells; doubled twice", 1, 1024);
    const int cells = option("cells", 8, "of the supernet; two of them reduce", 3, 100);
    const int size = option("image_size", 32, "height and width of the RGB images", 4, 1024);
    const int final_channels =
        option("evaluation_channels", 36, "of a network trained from scratch", 1, 1024);
    const int final_cells = option("evaluation_cells", 20, "of a network trained from scratch", 3, 100);
    auxiliary_ = config.boolean("auxiliary", true, "train from scratch with an auxiliary head");
    constexpr int kSmallest = 29;  // 8 pixels are left of it, which the head needs
    if (auxiliary_ && size < kSmallest) {
      throw UsageError({.what = "the auxiliary head does not fit images of " + std::to_string(size) + "×" +
                                std::to_string(size),
                        .where = espalier::to_string(config.where("image_size")),
                        .expected = "an image_size of at least " + std::to_string(kSmallest),
                        .remedy = "write auxiliary: false, or let the dataset enlarge its images"});
    }

    Graph macro = build(cells, channels, Purpose::search, cell("normal_cell"), cell("reduction_cell"));
    macro.on_prepare_evaluation([=, this](Graph& found) {
      const Graph normal = *found.node(kFirstCell).op()->graph();
      const Graph reduction = *found.node(kFirstCell + cells / 3).op()->graph();
      found = build(final_cells, final_channels, Purpose::evaluation, normal, reduction);
    });
    define(macro, {"normal_1", "reduction_1", "normal_2", "reduction_2", "normal_3"}, {3, size, size});
  }

 private:
  static constexpr int kFirstCell = 4;  ///< its node in the macro graph: 1 is the image, 2 and 3 are the stem

  static Graph cell(const std::string& name) {
    Graph cell(name);
    cell.add_node_range(1, 6).add_edges_densely().remove_edge(1, 2).add_node(7);
    for (int node = 3; node <= 6; ++node) cell.add_edge(node, 7).edge(node, 7).set_final();
    cell.node(7).set_combine(primitives::concat());
    cell.on_prepare_discretization([](Graph& found) {
      for (const auto& [from, to] : found.edges())
        if (found.edge(from, to).op().name() == "none") found.remove_edge(from, to);
    });
    return cell;
  }

  Graph build(int cells, int channels, Purpose purpose, const Graph& normal, const Graph& reduction) const {
    Graph macro("darts");
    macro.add_node_range(1, kFirstCell + cells).add_edges({{1, 2}, {2, 3}});
    macro.edge(1, 2).set_op(primitives::stem(3 * channels));
    bool reduced = false;
    for (int i = 0, stage = 1; i < cells; ++i) {
      const int node = kFirstCell + i;
      macro.add_edges({{node - 2, node}, {node - 1, node}});
      const bool reduces = i == cells / 3 || i == 2 * cells / 3;
      if (reduces) channels *= 2;
      Graph placed = (reduces ? reduction : normal).copy();
      placed.set_scope((reduces ? "reduction_" : "normal_") + std::to_string(stage));
      if (reduces) ++stage;
      placed.node(1).set_op(reduced ? primitives::factorized_reduce(channels)
                                    : primitives::relu_conv_bn(channels, 1));
      placed.node(2).set_op(primitives::relu_conv_bn(channels, 1));
      placed.update_edges([&](EdgeData& edge) {
        const int stride = reduces && edge.from() <= 2 ? 2 : 1;
        edge.set_op(purpose == Purpose::search ? Operation(candidates(channels, stride))
                                               : Operation(trained(edge.op().name(), channels, stride)));
      });
      macro.node(node).set_op(std::move(placed));
      if (purpose == Purpose::evaluation && auxiliary_ && i == 2 * cells / 3)
        macro.node(node).set_auxiliary_head(primitives::auxiliary_head(classes_));
      reduced = reduces;
    }
    const int last = kFirstCell + cells;
    macro.add_edge(last - 1, last).edge(last - 1, last).set_op(primitives::classifier(classes_));
    return macro;
  }

  static Candidates candidates(int channels, int stride) {
    return {
        primitives::zero(stride).renamed("none"),          primitives::max_pool(stride, /*batch_norm=*/true),
        primitives::avg_pool(stride, /*batch_norm=*/true), skip_connect(channels, stride),
        primitives::sep_conv(channels, 3, stride),         primitives::sep_conv(channels, 5, stride),
        primitives::dil_conv(channels, 3, stride),         primitives::dil_conv(channels, 5, stride),
    };
  }

  static Primitive skip_connect(int channels, int stride) {
    return (stride == 1 ? primitives::identity() : primitives::factorized_reduce(channels))
        .renamed("skip_connect");
  }

  /// A chosen operation: its path may be dropped but for identities, and no batch norm follows a pool.
  static Primitive trained(const std::string& name, int channels, int stride) {
    if (name == "skip_connect" && stride == 1) return skip_connect(channels, stride);
    if (name == "max_pool_3x3") return primitives::with_drop_path(primitives::max_pool(stride));
    if (name == "avg_pool_3x3") return primitives::with_drop_path(primitives::avg_pool(stride));
    for (const Operation& candidate : candidates(channels, stride))
      if (candidate.name() == name) return primitives::with_drop_path(*candidate.primitive());
    throw Error({.what = "\"" + name + "\" is no operation of the DARTS space"});
  }

  const std::vector<std::string>& operations() const { return choices().front().candidates; }

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

  int classes_ = 0;
  bool auxiliary_ = false;
};

}  // namespace

ESPALIER_SEARCH_SPACE(darts, DARTS, "1.0.0")
