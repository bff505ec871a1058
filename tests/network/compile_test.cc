#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "espalier/errors.h"
#include "espalier/host/host.h"
#include "espalier/layer_graph.h"
#include "small_networks.h"

namespace espalier::testing {
namespace {

enum class Relaxation { softmax, hard };

/// A supernet and the architecture parameters that weigh it.
struct Relaxed {
  Graph graph;
  std::vector<std::shared_ptr<GivenWeighting>> weightings;
};

Relaxed relax(const SearchSpace& space, Relaxation relaxation, at::ScalarType dtype) {
  Relaxed relaxed;
  relaxed.graph = space.relax([&](std::size_t choice) {
    const std::size_t candidates = space.choices()[choice].candidates.size();
    const at::Tensor alpha = random_tensor({static_cast<std::int64_t>(candidates)}, 100 + choice).to(dtype);
    const auto selected =
        relaxation == Relaxation::hard ? std::optional(choice % candidates) : std::optional<std::size_t>();
    relaxed.weightings.push_back(std::make_shared<GivenWeighting>(alpha.requires_grad_(), selected));
    return relaxed.weightings.back();
  });
  return relaxed;
}

/// All that a training step leaves, by name, in double precision.
using Outcome = std::map<std::string, at::Tensor>;

Outcome train_once(const SearchSpace& space, Relaxation relaxation, const CompileOptions& options,
                   std::uint64_t image_seed = 7) {
  const Relaxed relaxed = relax(space, relaxation, options.dtype);
  const auto network = compile(relaxed.graph, space.input_shape(), Purpose::search, options);
  const Shape& shape = space.input_shape();
  const at::Tensor images =
      random_tensor({4, shape.channels, shape.height, shape.width}, image_seed).to(options.dtype);
  const at::Tensor labels = at::tensor({0, 1, 2, 0}, at::kLong);
  const at::Tensor logits = network->forward(images);
  at::cross_entropy_loss(logits, labels).backward();

  Outcome outcome;
  outcome["logits"] = logits;
  for (const auto& entry : network->named_parameters())
    outcome["gradient of " + entry.key()] = entry.value().grad();
  for (const auto& entry : network->named_buffers()) outcome[entry.key()] = entry.value();
  for (std::size_t i = 0; i < relaxed.weightings.size(); ++i) {
    EXPECT_EQ(relaxed.weightings[i]->calls, 1) << "a weighting is asked once in a pass";
    outcome["gradient of alpha " + std::to_string(i)] = relaxed.weightings[i]->alpha().grad();
  }
  network->eval();
  outcome["logits in evaluation"] = network->forward(images);
  for (auto& [name, tensor] : outcome) {
    if (tensor.defined()) tensor = tensor.detach().to(at::kDouble);
  }
  return outcome;
}

/// The largest difference, relative to the largest value of the tensor. A gradient that is zero may be
/// missing: what weighs nothing is not run.
double difference(const at::Tensor& tensor, const at::Tensor& truth) {
  if (!truth.defined()) return tensor.defined() ? tensor.abs().max().item<double>() : 0.0;
  const double scale = std::max(truth.abs().max().item<double>(), 1e-3);
  if (!tensor.defined()) return truth.abs().max().item<double>() / scale;
  return (tensor - truth).abs().max().item<double>() / scale;
}

void expect_same(const Outcome& outcome, const Outcome& truth, double tolerance) {
  ASSERT_EQ(outcome.size(), truth.size());
  for (const auto& [name, expected] : truth) {
    ASSERT_TRUE(outcome.contains(name)) << name;
    EXPECT_LE(difference(outcome.at(name), expected), tolerance) << name;
  }
}

CompileOptions reference(at::ScalarType dtype) {
  CompileOptions options = CompileOptions::reference();
  options.dtype = dtype;
  return options;
}

/// Every pass alone, all of them, and all in channels_last.
std::vector<CompileOptions> all_options() {
  std::vector<CompileOptions> all;
  for (int pass = 0; pass < 8; ++pass) {
    CompileOptions options = reference(at::kDouble);
    options.passes = {.share = pass == 0,
                      .merge = pass == 1,
                      .drop = pass == 2,
                      .fuse = pass == 3 || pass == 5,
                      .fold = pass == 5,
                      .free = pass == 4};
    if (pass >= 6) options.passes = PlanOptions();
    options.channels_last = pass == 5 || pass == 7;
    all.push_back(options);
  }
  return all;
}

void check_passes(const SearchSpace& space, const std::vector<CompileOptions>& compiled = all_options()) {
  for (const Relaxation relaxation : {Relaxation::softmax, Relaxation::hard}) {
    const Outcome truth = train_once(space, relaxation, reference(at::kDouble));
    for (const CompileOptions& options : compiled)
      expect_same(train_once(space, relaxation, options), truth, 1e-10);
  }
}

class RandomGraphs : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomGraphs, PassesChangeNothing) { check_passes(RandomSpace(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Seeds, RandomGraphs, ::testing::Range<std::uint64_t>(0, 12));

TEST(NASBench201Network, PassesChangeNothing) {
  const auto space =
      host::Host().search_space("nasbench201", "{channels: 4, cells_per_stage: 1, image_size: 8}");
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

/// The largest error over all tensors that a training step leaves.
double worst_error(const Outcome& outcome, const Outcome& truth) {
  double worst = 0.0;
  for (const auto& [name, expected] : truth) worst = std::max(worst, difference(outcome.at(name), expected));
  return worst;
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
      const Outcome truth = train_once(*space, relaxation, reference(at::kDouble), seed);
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
