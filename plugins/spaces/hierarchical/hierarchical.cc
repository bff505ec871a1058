#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/has_hand_made.h"
#include "espalier/space/search_space.h"

using namespace espalier;

/// What stands on the edges of motifs, and how their last node takes it up.
struct Motifs {
  bool sum_and_plain_norms = false;  ///< as NASLib's code has it

  /// Gives all candidates and chosen primitives in `cell` this number of channels.
  void set_channels(Graph& cell, int channels) const {
    cell.update_edges([&](EdgeData& edge) {
      if (edge.op().primitive() != nullptr)
        edge.set_op(named(edge.op().name(), channels));
      else if (const Candidates* old = edge.op().candidates(); old && old->front().primitive() != nullptr)
        edge.set_op(candidates(channels));
    });
    if (sum_and_plain_norms) return;
    for (Graph* motif : cell.instances())
      if (motif->name() != cell.name()) motif->node(4).set_combine(primitives::concat_project(channels));
  }

  Candidates candidates(int channels) const {
    return {
        primitives::identity(),
        primitives::zero(),
        primitives::max_pool(),
        primitives::avg_pool(),
        primitives::sep_conv(channels, 3),
        primitives::depthwise_conv_bn_relu(3),
        primitives::conv_bn_relu(channels, 1, 1, sum_and_plain_norms ? Affine::never : Affine::evaluation),
    };
  }

  /// A chosen primitive; its path may be dropped unless it is an identity or zero.
  Primitive named(const std::string& name, int channels) const {
    const Candidates all = candidates(channels);
    const auto chosen =
        std::find_if(all.begin(), all.end(), [&](const Operation& op) { return op.name() == name; });
    const Primitive& primitive = *chosen->primitive();
    return name == "identity" || name == "zero" ? primitive : primitives::with_drop_path(primitive);
  }
};

/// The hierarchical space (Liu et al., 2018), as in the NASLib paper: primitives make motifs, motifs make a
/// cell.
///
/// NASLib's code differs from the paper in two ways, which change the size of a network: a motif's output
/// node sums its edges, where the paper's concatenates and projects them, and the batch norm of a 1×1
/// convolution has no scale and bias in any network.
class Hierarchical final : public SearchSpace, public HasHandMade {
 public:
  explicit Hierarchical(const Config& config) : SearchSpace(definition(config)) {}

  std::vector<HandMade> hand_made() const override {
    const char* const block =
        "motif_1.edge_1_2=sep_conv_3x3;motif_1.edge_1_3=zero;motif_1.edge_2_3=sep_conv_3x3;"
        "motif_1.edge_1_4=identity;motif_1.edge_2_4=zero;motif_1.edge_3_4=identity;";
    const char* const shortcut =
        "motif_2.edge_1_2=zero;motif_2.edge_1_3=zero;motif_2.edge_2_3=zero;"
        "motif_2.edge_1_4=identity;motif_2.edge_2_4=zero;motif_2.edge_3_4=zero;";
    const char* const cell =
        "cell.edge_1_2=motif_1;cell.edge_1_3=motif_2;cell.edge_2_3=motif_1;cell.edge_1_4=motif_2;"
        "cell.edge_2_4=motif_2;cell.edge_3_4=motif_1;cell.edge_1_5=motif_2;cell.edge_2_5=motif_2;"
        "cell.edge_3_5=motif_2;cell.edge_4_5=motif_1";
    return {{.name = "resnet",
             .architecture = std::string(block) + shortcut + cell,
             .source =
                 "A chain of four residual blocks in each cell, with projected shortcuts from all blocks "
                 "before (He et al., 2016). The convolutions are separable, because the space has no "
                 "others."}};
  }
  std::string width_option() const override { return "evaluation_channels"; }

 private:
  static SpaceDefinition definition(const Config& config) {
    const int classes =
        config.integer("classes", 10, "how many classes the network tells apart", between(1, 100'000));
    const int channels = config.integer(
        "channels", 16, "how many channels the supernet's first stage has; each later stage doubles them",
        between(1, 1024));
    const int cells = config.integer(
        "cells_per_stage", 1, "how many cells each of the supernet's three stages has", between(1, 100));
    const int size =
        config.integer("image_size", 32, "the height and width of the images, in pixels", between(4, 1024));
    const int image_channels = config.integer(
        "image_channels", 3, "how many channels the images have: 3 for color, 1 for gray", between(1, 1024));
    const int final_channels = config.integer(
        "evaluation_channels", 64,
        "how many channels the first stage of a network that is trained from scratch has", between(1, 1024));
    const int final_cells = config.integer(
        "evaluation_cells_per_stage", 2,
        "how many cells each stage of a network that is trained from scratch has", between(1, 100));

    const Motifs motif{
        .sum_and_plain_norms = config.boolean(
            "naslib_code", false,
            "build motifs as NASLib's code does: the edges that end a motif are summed instead "
            "of concatenated and projected, and 1×1 convolutions have batch norms without scale "
            "and bias")};

    std::vector<Operation> motifs;
    for (int i = 1; i <= 6; ++i) motifs.emplace_back(dense("motif_" + std::to_string(i), 4));
    Graph cell = dense("cell", 5);
    cell.update_edges([&](EdgeData& edge) { edge.set_op(Candidates(motifs)); });
    cell.update_edges([&](EdgeData& edge) {
      if (!edge.op().is_choice()) edge.set_op(motif.candidates(kSameChannels));
    });

    Graph macro = build(cell, motif, classes, channels, cells);
    macro.on_prepare_evaluation([=](Graph& found) {
      const Graph chosen = *found.edge(2, 3).op().graph();
      found = build(chosen, motif, classes, final_channels, final_cells);
    });
    return {.graph = std::move(macro),
            .scopes = {"stage_1", "stage_2", "stage_3"},
            .input_shape = {image_channels, size, size}};
  }

  static Graph dense(const std::string& name, int nodes) {
    Graph graph(name);
    graph.add_node_range(1, nodes).add_edges_densely();
    return graph;
  }

  /// Three stages of copies of `cell`, whose edges hold candidates (a supernet) or chosen primitives, with a
  /// separable convolution after each cell.
  static Graph build(const Graph& cell, const Motifs& motif, int classes, int channels, int cells) {
    Graph macro("hierarchical");
    macro.append(primitives::stem(channels));
    for (int stage = 1; stage <= 3; ++stage) {
      if (stage > 1) macro.append(primitives::sep_conv(channels *= 2, 3, 2, Affine::always));
      Graph placed = cell.copy();
      placed.set_scope("stage_" + std::to_string(stage));
      motif.set_channels(placed, channels);
      for (int i = 0; i < cells; ++i) {
        if (i > 0) macro.append(primitives::sep_conv(channels, 3, 1, Affine::always));
        macro.append(placed.copy());
      }
    }
    macro.append(primitives::sep_conv(channels, 3, 1, Affine::always));
    macro.append(primitives::classifier(classes));
    return macro;
  }
};

ESPALIER_SEARCH_SPACE(hierarchical, Hierarchical, "1.0.0")
