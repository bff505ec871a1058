#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/host/host.h"
#include "espalier/plan/layer_graph.h"

namespace espalier {
namespace {

class HierarchicalSpaceTest : public ::testing::Test {
 protected:
  host::Host host_;
  std::unique_ptr<SearchSpace> space_ = host_.search_space("hierarchical");
};

TEST_F(HierarchicalSpaceTest, HasThirtySixChoicesOfPrimitivesAndTenOfMotifs) {
  int primitives = 0;
  int motifs = 0;
  for (const Choice& choice : space_->choices()) {
    primitives += choice.candidates.size() == 7 ? 1 : 0;
    motifs += choice.candidates.size() == 6 ? 1 : 0;
  }
  EXPECT_EQ(primitives, 36);
  EXPECT_EQ(motifs, 10);
  EXPECT_EQ(space_->choices().size(), 46U);
  // The choices of a motif count where the cell uses it: Σ over the number m of motifs in use of
  // (6 choose m) · (surjections of the cell's 10 edges onto m motifs) · 7^(6m).
  const std::vector<double> chosen = {1, 6, 15, 20, 15, 6, 1};
  const std::vector<double> onto = {0, 1, 1022, 55'980, 818'520, 5'103'000, 16'435'440};
  double size = 0.0;
  for (std::size_t m = 1; m <= 6; ++m)
    size += chosen[m] * onto[m] * std::pow(7.0, 6.0 * static_cast<double>(m));
  EXPECT_DOUBLE_EQ(space_->size(), size);
  EXPECT_EQ(space_->graph().instances(space_->scopes()).size(), 3U * (1 + 10 * 6));
}

/// The parameters of a motif during a search, when batch norms have neither scale nor bias. Each of six edges
/// has a separable convolution of 2(9C + C²), a depthwise one of 9C and a pointwise one of C²; the projection
/// of three nodes has 3C².
constexpr std::int64_t motif(std::int64_t c) { return 6 * (2 * (9 * c + c * c) + 9 * c + c * c) + 3 * c * c; }
/// The parameters of a separable convolution of the macro graph, with scales and biases.
constexpr std::int64_t separable(std::int64_t from, std::int64_t to) {
  return 9 * from + from * from + 2 * from + 9 * from + from * to + 2 * to;
}

TEST_F(HierarchicalSpaceTest, TheSupernetHasTheParametersDerivedByHand) {
  const LayerGraph supernet = flatten(space_->graph(), space_->input_shape(), Purpose::search);
  const std::int64_t cells = 60 * (motif(16) + motif(32) + motif(64));  // ten edges, six motifs
  EXPECT_EQ(supernet.parameters(),
            27 * 16 + 32 + cells + separable(16, 32) + separable(32, 64) + separable(64, 64) + 64 * 10 + 10);
  EXPECT_EQ(supernet.output(), (Shape{10, 1, 1}));
}

TEST_F(HierarchicalSpaceTest, ANetworkFromScratchHasTwoWiderCellsAStage) {
  // Every motif consists of identities, so that only the projections are left, with scale and bias.
  const Graph network = space_->instantiate(Architecture::zeros(46));
  const LayerGraph layers = flatten(network, space_->input_shape(), Purpose::evaluation);
  const auto projections = [](std::int64_t c) { return 2 * 10 * (3 * c * c + 2 * c); };
  const std::int64_t between_cells = separable(64, 64) + separable(128, 128) + separable(256, 256);
  EXPECT_EQ(layers.parameters(), 27 * 64 + 128 + projections(64) + projections(128) + projections(256) +
                                     between_cells + separable(64, 128) + separable(128, 256) +
                                     separable(256, 256) + 2570);
  for (const char* stage : {"stage_1", "stage_2", "stage_3"})
    EXPECT_EQ(network.instances({stage}).size(), 2U * (1 + 10)) << stage;
  EXPECT_FALSE(layers.auxiliary_output());
}

/// The architecture of the appendix of Liu et al., as NASLib reads it; its cell does not use the motifs 2 and
/// 6.
constexpr const char* kPublished =
    "motif_1.edge_1_2=max_pool_3x3;motif_1.edge_1_3=conv_bn_relu_1x1;"
    "motif_1.edge_2_3=depthwise_conv_bn_relu_3x3;motif_1.edge_1_4=sep_conv_3x3;"
    "motif_1.edge_2_4=conv_bn_relu_1x1;motif_1.edge_3_4=max_pool_3x3;"
    "motif_3.edge_1_2=sep_conv_3x3;motif_3.edge_1_3=depthwise_conv_bn_relu_3x3;motif_3.edge_2_3=sep_conv_3x3;"
    "motif_3.edge_1_4=sep_conv_3x3;motif_3.edge_2_4=identity;motif_3.edge_3_4=avg_pool_3x3;"
    "motif_4.edge_1_2=avg_pool_3x3;motif_4.edge_1_3=sep_conv_3x3;motif_4.edge_2_3=sep_conv_3x3;"
    "motif_4.edge_1_4=identity;motif_4.edge_2_4=max_pool_3x3;motif_4.edge_3_4=avg_pool_3x3;"
    "motif_5.edge_1_2=identity;motif_5.edge_1_3=sep_conv_3x3;motif_5.edge_2_3=identity;"
    "motif_5.edge_1_4=sep_conv_3x3;motif_5.edge_2_4=identity;motif_5.edge_3_4=sep_conv_3x3;"
    "cell.edge_1_2=motif_5;cell.edge_1_3=motif_3;cell.edge_2_3=motif_3;cell.edge_1_4=motif_3;"
    "cell.edge_2_4=motif_1;cell.edge_3_4=motif_3;cell.edge_1_5=motif_4;cell.edge_2_5=motif_5;"
    "cell.edge_3_5=motif_5;cell.edge_4_5=motif_5";

TEST_F(HierarchicalSpaceTest, ThePublishedArchitectureHasAsManyParametersAsInNASLib) {
  const auto as_in_code = host_.search_space("hierarchical", "{naslib_code: true}");
  EXPECT_EQ(as_in_code->parameters(as_in_code->parse(kPublished)), 10'604'362);
  // 27 separable convolutions, 5 depthwise and 2 pointwise ones a cell; the projections of ten motifs.
  const auto projections = [](std::int64_t c) { return 2 * 10 * (3 * c * c + 2 * c); };
  const auto norms = [](std::int64_t c) { return 2 * 2 * 2 * c; };
  EXPECT_EQ(space_->parameters(space_->parse(kPublished)), 10'604'362 + projections(64) + projections(128) +
                                                               projections(256) + norms(64) + norms(128) +
                                                               norms(256));
}

TEST_F(HierarchicalSpaceTest, CountsAreThoseOfTheNetworkFromScratch) {
  Rng rng(5, "test");
  for (int i = 0; i < 5; ++i) {
    const Architecture sample = space_->sample(rng);
    const LayerGraph layers =
        flatten(space_->instantiate(sample), space_->input_shape(), Purpose::evaluation);
    EXPECT_EQ(space_->parameters(sample), layers.parameters());
    EXPECT_EQ(space_->multiply_adds(sample), layers.multiply_adds());
  }
}

TEST_F(HierarchicalSpaceTest, EveryMotifAndPrimitiveIsPlacedAsChosen) {
  Architecture architecture = Architecture::zeros(46);
  std::size_t motif_edge = 46;
  std::size_t cell_edge = 46;
  for (std::size_t i = 0; i < 46; ++i) {
    if (space_->choices()[i].name == "motif_3.edge_2_4") motif_edge = i;
    if (space_->choices()[i].name == "cell.edge_4_5") cell_edge = i;
  }
  ASSERT_LT(motif_edge, 46U);
  ASSERT_LT(cell_edge, 46U);
  architecture.set(motif_edge, 4);  // sep_conv_3x3
  architecture.set(cell_edge, 2);   // motif_3
  const Graph network = space_->instantiate(architecture);
  for (const int cell : {2, 4, 6, 8, 10, 12}) {
    const Graph& placed = *network.edge(cell, cell + 1).op().graph();
    const Graph& motif = *placed.edge(4, 5).op().graph();
    EXPECT_EQ(motif.name(), "motif_3");
    EXPECT_EQ(motif.edge(2, 4).op().name(), "sep_conv_3x3");
    EXPECT_EQ(motif.edge(1, 4).op().name(), "identity");
    EXPECT_EQ(placed.edge(1, 2).op().graph()->name(), "motif_1");
  }
}

TEST_F(HierarchicalSpaceTest, TheSmallestHasANetworkInEitherForm) {
  const auto tiny = host_.search_space("hierarchical",
                                       "{channels: 1, evaluation_channels: 1, evaluation_cells_per_stage: 1, "
                                       "image_size: 4, classes: 3}");
  EXPECT_EQ(flatten(tiny->graph(), tiny->input_shape(), Purpose::search).output(), (Shape{3, 1, 1}));
  Rng rng(4, "test");
  const Graph network = tiny->instantiate(tiny->sample(rng));
  EXPECT_EQ(flatten(network, tiny->input_shape(), Purpose::evaluation).output(), (Shape{3, 1, 1}));
  EXPECT_THROW((void)host_.search_space("hierarchical", "{image_size: 3}"), UsageError);
}

TEST_F(HierarchicalSpaceTest, TakesImagesOfEverySizeAndOfOneChannel) {
  for (const int size : {4, 5, 6, 7, 9, 15, 17, 28, 30, 31, 33, 61}) {
    const auto space = host_.search_space(
        "hierarchical",
        fmt::format("{{channels: 1, evaluation_channels: 1, image_size: {}, image_channels: 1}}", size));
    EXPECT_EQ(space->input_shape(), (Shape{1, size, size}));
    EXPECT_EQ(flatten(space->graph(), space->input_shape(), Purpose::search).output(), (Shape{10, 1, 1}));
    const Graph network = space->instantiate(space->at(0));
    EXPECT_EQ(flatten(network, space->input_shape(), Purpose::evaluation).output(), (Shape{10, 1, 1}));
  }
}

TEST_F(HierarchicalSpaceTest, StringsWithWhiteSpaceReadBack) {
  Rng rng(7, "test");
  for (int i = 0; i < 20; ++i) {
    const Architecture sample = space_->sample(rng);
    std::string spaced;
    for (const char c : space_->to_string(sample)) {
      spaced += c;
      if (c == '=' || c == ';') spaced += "\r\n ";
    }
    EXPECT_EQ(space_->parse(" " + spaced + "\n"), sample);
  }
}

}  // namespace
}  // namespace espalier
