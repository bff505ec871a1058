#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "espalier/plan/layer_graph.h"
#include "network/modern_space.h"
#include "network/training/train_once.h"

namespace espalier::testing {
namespace {

/// Every pass alone, all of them, and all in channels_last.
std::vector<CompileOptions> all_options() {
  std::vector<CompileOptions> all;
  for (int pass = 0; pass < 10; ++pass) {
    CompileOptions options = reference(at::kDouble);
    options.passes = {.drop_identities = pass == 2,
                      .share_layers = pass == 0,
                      .flatten_sums = pass == 3 || pass == 5,
                      .fan_out = pass == 6,
                      .fold_batch_norms = pass == 5,
                      .merge_convolutions = pass == 1,
                      .release_tensors = pass == 4};
    if (pass >= 7) options.passes = PlanOptions();
    options.winograd = pass != 8;
    options.channels_last = pass == 5 || pass == 6 || pass >= 8;
    options.recompute = Recompute::never;
    all.push_back(options);
  }
  for (const bool fast : {false, true}) {
    CompileOptions options = fast ? CompileOptions() : reference(at::kDouble);
    options.dtype = at::kDouble;
    options.recompute = Recompute::always;
    all.push_back(options);
  }
  return all;
}

void check_passes(const SearchSpace& space, const std::vector<CompileOptions>& compiled = all_options()) {
  for (const Relaxation relaxation : {Relaxation::softmax, Relaxation::hard}) {
    const Trained truth = train_once(space, relaxation, reference(at::kDouble));
    for (const CompileOptions& options : compiled)
      expect_same(train_once(space, relaxation, options), truth, 1e-10);
  }
}

class RandomGraphs : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomGraphs, PassesChangeNothing) { check_passes(RandomSpace(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Seeds, RandomGraphs, ::testing::Range<std::uint64_t>(0, 12));

TEST(NASBench201Network, PassesChangeNothing) {
  const auto space =
      host::Host().search_space("nasbench201", "{channels: 8, cells_per_stage: 1, image_size: 8}");
  check_passes(*space);
}

TEST(DARTSNetwork, PassesChangeNothing) {
  check_passes(
      *host::Host().search_space("darts", "{channels: 2, cells: 3, image_size: 8, auxiliary: false}"));
}

TEST(HierarchicalNetwork, PassesChangeNothing) {
  // Twenty thousand layers: the passes alone are for the other spaces.
  check_passes(*host::Host().search_space("hierarchical", "{channels: 2, image_size: 8}"),
               {all_options().back()});
}

TEST(ModernNetwork, PassesChangeNothing) { check_passes(ModernSpace()); }

TEST(ModernNetwork, SharingLayersAndRecomputingChangeNoBitOfTheOutputs) {
  const ModernSpace space(8, 12);
  CompileOptions options = reference(at::kFloat);
  const at::Tensor logits = train_once(space, Relaxation::softmax, options).at("logits");
  options.passes.share_layers = options.passes.release_tensors = true;
  for (const Recompute recompute : {Recompute::never, Recompute::always}) {
    options.recompute = recompute;
    EXPECT_TRUE(at::equal(train_once(space, Relaxation::softmax, options).at("logits"), logits));
  }
}

TEST(NASBench201Network, InSinglePrecisionPassesAreAsExactAsOpByOp) {
  const auto space =
      host::Host().search_space("nasbench201", "{channels: 8, cells_per_stage: 2, image_size: 16}");
  // In the layout of a compiled network: LibTorch's batch norm is several times less exact in it.
  CompileOptions op_by_op = reference(at::kFloat);
  op_by_op.channels_last = true;
  for (const Relaxation relaxation : {Relaxation::softmax, Relaxation::hard}) {
    // The median of several batches: rounding alone makes the worst error of one differ by a factor of four.
    std::vector<double> ratios;
    for (std::uint64_t seed = 0; seed < 7; ++seed) {
      const Trained truth = train_once(*space, relaxation, reference(at::kDouble), seed);
      ratios.push_back(worst_error(train_once(*space, relaxation, {}, seed), truth) /
                       worst_error(train_once(*space, relaxation, op_by_op, seed), truth));
    }
    std::ranges::nth_element(ratios, ratios.begin() + 3);
    EXPECT_LE(ratios[3], 2.0);
  }
}

TEST(NASBench201Network, HasAsManyParametersAsIsInspected) {
  host::Host host;
  const auto space = host.search_space("nasbench201", "{channels: 4, cells_per_stage: 2}");
  const auto count = [](const Network& network) {
    std::int64_t total = 0;
    for (const at::Tensor& parameter : network.parameters()) total += parameter.numel();
    return total;
  };
  const Relaxed supernet = relax(*space, Relaxation::softmax, at::kFloat);
  EXPECT_EQ(count(*compile(supernet.graph, space->input_shape(), Purpose::search)),
            flatten(space->graph(), space->input_shape(), Purpose::search).parameters());
  for (std::uint64_t i = 0; i < 10; ++i) {
    Rng rng(i, "architecture");
    const Graph graph = space->instantiate(space->sample(rng));
    EXPECT_EQ(count(*compile(graph, space->input_shape(), Purpose::evaluation)),
              flatten(graph, space->input_shape(), Purpose::evaluation).parameters());
  }
}

TEST(CompileTest, NamesAndInitialWeightsDoNotDependOnThePasses) {
  const RandomSpace space(3);
  const Relaxed relaxed = relax(space, Relaxation::softmax, at::kFloat);
  const auto plain =
      compile(relaxed.graph, space.input_shape(), Purpose::search, CompileOptions::reference());
  const auto compiled = compile(relaxed.graph, space.input_shape(), Purpose::search);
  const auto parameters = plain->named_parameters();
  ASSERT_EQ(compiled->named_parameters().size(), parameters.size());
  ASSERT_GT(parameters.size(), 0U);
  for (const auto& entry : compiled->named_parameters()) {
    ASSERT_TRUE(parameters.contains(entry.key()));
    EXPECT_TRUE(at::equal(entry.value(), parameters[entry.key()])) << entry.key();
  }
  EXPECT_THAT(parameters.keys(), ::testing::Contains("stem.conv.weight"));
}

TEST(CompileTest, RefusesCandidatesThatNothingRelaxes) {
  const RandomSpace space(0);
  try {
    compile(space.graph(), space.input_shape(), Purpose::search);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.details().what, ::testing::HasSubstr("nothing relaxes"));
    EXPECT_THAT(error.details().where, ::testing::HasSubstr("edge_1_2"));
  }
}

}  // namespace
}  // namespace espalier::testing
