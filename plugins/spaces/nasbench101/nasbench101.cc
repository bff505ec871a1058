#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cell.h"
#include "cell_string.h"
#include "changes.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/search_space.h"
#include "networks.h"

using namespace espalier;
using nasbench101::Cell;

/// NAS-Bench-101 (Ying et al., 2019): a cell of at most seven vertices and nine edges, repeated in three
/// stacks.
class NASBench101 final : public SearchSpace {
 public:
  explicit NASBench101(const Config& config) : SearchSpace(definition(config)) {}

 protected:
  void check_impl(const Architecture& architecture) const override {
    const Cell cell = cell_of(architecture);
    if (std::ranges::binary_search(nasbench101::all_codes(), code(cell))) return;
    check_cell(pruned(cell), "");
    throw UsageError({.what = "the cell has parts without effect, or its vertices are in another order",
                      .expected = nasbench101::print_cell(nasbench101::canonical(cell)),
                      .remedy = "use what canonical() makes of the architecture"});
  }
  Architecture canonical_impl(const Architecture& architecture) const override {
    const Cell form = nasbench101::canonical(cell_of(architecture));
    return form.edges() > 0 ? architecture_of(form) : architecture;
  }

  double size_impl() const override { return static_cast<double>(nasbench101::all_codes().size()); }
  Architecture at_impl(std::uint64_t index) const override {
    const std::vector<std::uint32_t>& codes = nasbench101::all_codes();
    return architecture_of(nasbench101::cell_of(codes[std::min<std::uint64_t>(index, codes.size() - 1)]));
  }
  std::uint64_t index_of_impl(const Architecture& architecture) const override {
    const std::vector<std::uint32_t>& codes = nasbench101::all_codes();
    return static_cast<std::uint64_t>(std::ranges::lower_bound(codes, code(cell_of(architecture))) -
                                      codes.begin());
  }

  Architecture sample_impl(Rng& rng) const override {
    return at_impl(rng.below(nasbench101::all_codes().size()));
  }
  Architecture mutate_impl(const Architecture& architecture, Rng& rng) const override {
    return architecture_of(nasbench101::mutate(cell_of(architecture), rng));
  }
  std::vector<Architecture> neighbours_impl(const Architecture& architecture) const override {
    std::vector<Architecture> found;
    for (const Cell& cell : nasbench101::neighbours(cell_of(architecture)))
      found.push_back(architecture_of(cell));
    return found;
  }
  /// So few combinations are cells that the most probable one is sought among the cells.
  Architecture discretize_impl(const std::vector<std::vector<double>>& weights) const override {
    double most = -1.0;
    std::uint32_t best = nasbench101::all_codes().front();
    for (const std::uint32_t code : nasbench101::all_codes()) {
      double product = 1.0;
      for_each_choice(nasbench101::cell_of(code),
                      [&](std::size_t choice, unsigned candidate) { product *= weights[choice][candidate]; });
      if (product <= most) continue;
      most = product;
      best = code;
    }
    return architecture_of(nasbench101::cell_of(best));
  }

  std::string to_string_impl(const Architecture& architecture) const override {
    return nasbench101::print_cell(cell_of(architecture));
  }
  Architecture parse_impl(std::string_view text) const override {
    const Cell cell = nasbench101::parse_cell(text);
    check_cell(pruned(cell), quoted(text, 100));
    return architecture_of(nasbench101::canonical(cell));
  }

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
    const Graph skeleton = nasbench101::make_skeleton();
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

  /// Throws unless a pruned cell is one of the space in some order of its vertices.
  static void check_cell(const Cell& cell, const std::string& where) {
    if (cell.edges() == 0)
      throw UsageError({.what = "no path leads from the input of the cell to its output",
                        .where = where,
                        .expected = "a path along its edges and operations"});
    if (cell.edges() <= nasbench101::kMostEdges) return;
    throw UsageError({.what = "the cell has " + std::to_string(cell.edges()) + " edges",
                      .where = where,
                      .expected = "at most nine on paths from its input to its output"});
  }

  /// Calls `visit(choice, candidate)` for what a cell chooses. Choices are the edges, ordered by the vertices
  /// that they lead to, and then the operations.
  template <class Visit>
  static void for_each_choice(const Cell& cell, const Visit& visit) {
    std::size_t choice = 0;
    for (unsigned to = 1; to < nasbench101::kVertices; ++to)
      for (unsigned from = 0; from < to; ++from) visit(choice++, cell.has_edge(from, to) ? 1U : 0U);
    for (unsigned vertex = 1; vertex < nasbench101::kOutput; ++vertex)
      visit(choice++, cell.operations[vertex]);
  }
  static Cell cell_of(const Architecture& architecture) {
    Cell cell;
    std::size_t choice = 0;
    for (unsigned to = 1; to < nasbench101::kVertices; ++to)
      for (unsigned from = 0; from < to; ++from)
        if (architecture[choice++] == 1) cell.flip_edge(from, to);
    for (unsigned vertex = 1; vertex < nasbench101::kOutput; ++vertex)
      cell.operations[vertex] = architecture[choice++];
    return cell;
  }
  Architecture architecture_of(const Cell& cell) const {
    Architecture architecture = Architecture::zeros(choices().size());
    for_each_choice(cell,
                    [&](std::size_t choice, unsigned candidate) { architecture.set(choice, candidate); });
    return architecture;
  }
};

ESPALIER_SEARCH_SPACE(nasbench101, NASBench101, "1.0.0")
