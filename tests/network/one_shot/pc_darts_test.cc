#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "espalier/host/host.h"
#include "network/one_shot/one_edge.h"
#include "usage_error.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kChannels = 8;

/// A node that two edges enter: one from the stem and one from a convolution behind it.
class TwoEdgesSpace final : public SearchSpace {
 public:
  explicit TwoEdgesSpace(Graph cell = two_edges(), int size = 6)
      : SearchSpace(definition(std::move(cell), size)) {
    set_name("two_edges");
  }

  static Candidates candidates(int channels = kChannels, int stride = 1) {
    return {primitives::zero(stride), primitives::relu_conv_bn(channels, 3, stride),
            primitives::avg_pool(stride)};
  }
  static Graph two_edges() {
    Graph cell("cell");
    cell.add_node_range(1, 3).add_edges_densely();
    cell.edge(1, 2).set_op(Primitive("fixed", {Conv2d{.kernel = 3, .padding = 1}}));
    cell.edge(1, 3).set_op(candidates());
    cell.edge(2, 3).set_op(candidates());
    return cell;
  }

 private:
  static SpaceDefinition definition(Graph cell, int size) {
    Graph macro("macro");
    macro.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    macro.edge(1, 2).set_op(
        Primitive("stem", {Conv2d{.out_channels = kChannels, .kernel = 3, .padding = 1}, ReLU{}}));
    macro.edge(2, 3).set_op(std::move(cell));
    macro.edge(3, 4).set_op(primitives::classifier(4));
    return {.graph = std::move(macro), .input_shape = {3, size, size}};
  }
};

/// A search in double precision.
struct Search {
  explicit Search(const SearchSpace& space, const std::string& options = "{warm_up_epochs: 0}",
                  const std::string& name = "pc_darts", const WeightTraining& training = {},
                  const CompileOptions& compile = in_double())
      : plugin(host::Host().optimizer(name, options)), optimizer(dynamic_cast<OneShotOptimizer&>(*plugin)) {
    optimizer.adapt({.space = space, .seed = 3});
    optimizer.compile_supernet(compile, training);
  }

  OneShotOptimizer* operator->() const { return &optimizer; }
  at::Tensor logits(const at::Tensor& images) const { return optimizer.network().forward(images).detach(); }
  at::Tensor weight(const std::string& name) const {
    return optimizer.network().named_parameters()[name].detach().clone().requires_grad_();
  }
  std::vector<at::Tensor> betas() const { return group("/parameters/betas/parameters"); }
  std::vector<at::Tensor> group(const char* place) const {
    std::vector<at::Tensor> all;
    const nlohmann::json state = optimizer.save();
    for (const nlohmann::json& saved : state.at(nlohmann::json::json_pointer(place))) {
      all.push_back(at::empty(saved.at("shape").get<std::vector<std::int64_t>>(), at::kDouble));
      const auto& bytes = saved.at("bytes").get_binary();
      std::memcpy(all.back().data_ptr(), bytes.data(), bytes.size());
    }
    return all;
  }

  std::unique_ptr<Optimizer> plugin;
  OneShotOptimizer& optimizer;
};

/// The network of TwoEdgesSpace with K = 4 in plain LibTorch, written as the authors did.
struct Reference {
  explicit Reference(const Search& search)
      : stem(search.weight("stem.conv.weight")),
        fixed(search.weight("cell_1.edge_1_2.fixed.conv.weight")),
        convs{search.weight("cell_1.node_3.partial_channels.edge_1_3.relu_conv_bn_3x3.conv.weight"),
              search.weight("cell_1.node_3.partial_channels.edge_2_3.relu_conv_bn_3x3.conv.weight")},
        weight(search.weight("classifier.linear.weight")),
        bias(search.weight("classifier.linear.bias")),
        beta(search.betas().at(0).requires_grad_()) {
    for (const at::Tensor& alpha : search->alphas())
      alphas.push_back(alpha.detach().clone().requires_grad_());
  }

  static at::Tensor shuffle(const at::Tensor& x, std::int64_t groups) {
    return x.view({x.size(0), groups, x.size(1) / groups, x.size(2), x.size(3)})
        .transpose(1, 2)
        .contiguous()
        .view(x.sizes());
  }
  at::Tensor edge(std::size_t e, const at::Tensor& x) const {
    const at::Tensor first = x.narrow(1, 0, kChannels / 4);
    const at::Tensor w = at::softmax(alphas[e], 0);
    const at::Tensor conv = at::batch_norm(at::conv2d(at::relu(first), convs[e], {}, 1, 1), {}, {}, {}, {},
                                           /*training=*/true, 0.1, 1e-5, false);
    const at::Tensor mixed = w[1] * conv + w[2] * at::avg_pool2d(first, 3, 1, 1, false, false);
    return shuffle(at::cat({mixed, x.narrow(1, kChannels / 4, kChannels - kChannels / 4)}, 1), 4);
  }
  at::Tensor logits(const at::Tensor& images) const {
    const at::Tensor x = at::relu(at::conv2d(images, stem, {}, 1, 1));
    const at::Tensor b = at::softmax(beta, 0);
    const at::Tensor node = b[0] * edge(0, x) + b[1] * edge(1, at::conv2d(x, fixed, {}, 1, 1));
    return at::linear(node.mean(at::IntArrayRef{2, 3}), weight, bias);
  }
  at::Tensor loss(const Batch& data) const {
    return at::cross_entropy_loss(logits(data.images), data.labels);
  }
  std::vector<at::Tensor> weights() const { return {stem, fixed, convs[0], convs[1], weight, bias}; }
  std::vector<at::Tensor> architecture() const { return {alphas[0], alphas[1], beta}; }

  at::Tensor stem, fixed, convs[2], weight, bias, beta;
  std::vector<at::Tensor> alphas;
};

TEST(PcDarts, TheNetworkIsThatOfTheAuthors) {
  const TwoEdgesSpace space;
  const Search search(space);
  const at::Tensor images = batch(1).images;
  const Reference reference(search);
  ASSERT_EQ(reference.convs[0].sizes(), (std::vector<std::int64_t>{2, 2, 3, 3}));
  EXPECT_LT(distance(search.logits(images), reference.logits(images)), 1e-10);
}

TEST(PcDarts, StepsAreThoseOfAHandWrittenLoop) {
  const TwoEdgesSpace space;
  const Search search(space, "{warm_up_epochs: 0}", "pc_darts",
                      {.sgd = {.epochs = 2, .learning_rate = 0.1, .learning_rate_min = 0.1, .clip = 1e9}});
  Reference reference(search);
  torch::optim::Adam adam(reference.architecture(),
                          torch::optim::AdamOptions(3e-4).betas({0.5, 0.999}).weight_decay(1e-3));
  torch::optim::SGD sgd(reference.weights(), torch::optim::SGDOptions(0.1).momentum(0.9).weight_decay(3e-4));
  search->begin_epoch(0);
  for (std::uint64_t step = 0; step < 4; ++step) {
    const StepResult result = search->step(batch(10 + step), batch(20 + step));
    adam.zero_grad();
    const at::Tensor validation = reference.loss(batch(20 + step));
    validation.backward();
    if (step == 0) {
      // Adam's first mean is half of the gradient, to which the decay was added.
      const at::Tensor gradient = reference.beta.grad() + 1e-3 * reference.beta.detach();
      EXPECT_GT(gradient.abs().max().item<double>(), 1e-4) << "or this test shows nothing";
      EXPECT_LT(distance(2 * search.group("/parameters/betas/method/means").at(0), gradient), 1e-10);
    }
    adam.step();
    sgd.zero_grad();
    const at::Tensor train = reference.loss(batch(10 + step));
    train.backward();
    sgd.step();
    EXPECT_NEAR(result.validation->loss, validation.item<double>(), 1e-10);
    EXPECT_NEAR(result.train.loss, train.item<double>(), 1e-10);
    EXPECT_LT(distance(search.betas().at(0), reference.beta), 1e-10);
    for (std::size_t e = 0; e < 2; ++e) EXPECT_LT(distance(search->alphas()[e], reference.alphas[e]), 1e-10);
  }
}

TEST(PcDarts, StepsAreTheSameLayerByLayerAndRecomputed) {
  const auto space =
      host::Host().search_space("darts", "{channels: 8, cells: 3, auxiliary: false, image_size: 9}");
  const Batch train{.images = random_tensor({4, 3, 9, 9}, 1), .labels = at::arange(4, at::kLong)};
  const Batch validation{.images = random_tensor({4, 3, 9, 9}, 2), .labels = at::arange(4, at::kLong)};
  const auto after_two_steps = [&](const CompileOptions& compile) {
    Search search(*space, "{warm_up_epochs: 0}", "pc_darts", {}, compile);
    search->begin_epoch(0);
    for (int step = 0; step < 2; ++step) search->step(train, validation);
    std::vector<at::Tensor> found = search.group("/parameters/betas/method/means");
    for (const at::Tensor& mean : search.group("/parameters/alphas/method/means")) found.push_back(mean);
    found.push_back(search.logits(train.images));
    return found;
  };
  CompileOptions reference = CompileOptions::reference();
  reference.dtype = at::kDouble;
  CompileOptions recomputed = in_double();
  recomputed.recompute = Recompute::always;
  const std::vector<at::Tensor> expected = after_two_steps(in_double());
  for (const CompileOptions& compile : {reference, recomputed}) {
    const std::vector<at::Tensor> found = after_two_steps(compile);
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_LT(distance(found[i], expected[i]), 1e-10) << i;
  }
}

TEST(PcDarts, StrengthsAreTheProductsOfBothSoftmaxes) {
  const TwoEdgesSpace space;
  const Search search(space, "{warm_up_epochs: 0, architecture_learning_rate: 0.5}");
  search->begin_epoch(0);
  search->step(batch(1), batch(2));
  const at::Tensor edges = at::softmax(search.betas().at(0), 0);
  EXPECT_GT(distance(edges, at::full({2}, 0.5, at::kDouble)), 0.05);
  for (std::int64_t e = 0; e < 2; ++e) {
    const at::Tensor expected =
        edges[e] * at::softmax(search->alphas()[static_cast<std::size_t>(e)].detach(), 0);
    EXPECT_LT(distance(at::tensor(search->strengths()[static_cast<std::size_t>(e)], at::kDouble), expected),
              1e-12);
  }
}

TEST(PcDarts, OnWholeChannelsAnEdgeThatEntersANodeAloneIsThatOfDarts) {
  const OneEdgeSpace space;
  const Search whole(space, "{k: 1}");
  const Search darts(space, "", "darts");
  EXPECT_TRUE(at::equal(whole.logits(batch(1).images), darts.logits(batch(1).images)));
  EXPECT_EQ(whole->strengths(), darts->strengths()) << "its β has the weight 1";
  EXPECT_EQ(whole.betas().size(), 1U);
}

TEST(PcDarts, NothingOfTheArchitectureMovesWhileTheWeightsWarmUp) {
  const TwoEdgesSpace space;
  const Search search(space, "{warm_up_epochs: 2}");
  const std::vector<at::Tensor> betas = search.betas();
  const auto alphas = search.group("/parameters/alphas/parameters");
  const at::Tensor before = search.weight("stem.conv.weight");
  for (int epoch = 0; epoch < 2; ++epoch) {
    search->begin_epoch(epoch);
    EXPECT_FALSE(search->uses_validation());
    EXPECT_FALSE(search->step(batch(1), batch(2)).validation.has_value());
  }
  EXPECT_GT(distance(search.weight("stem.conv.weight"), before), 0.0);
  EXPECT_TRUE(at::equal(search.betas().at(0), betas.at(0)));
  for (std::size_t e = 0; e < 2; ++e)
    EXPECT_TRUE(at::equal(search.group("/parameters/alphas/parameters")[e], alphas[e]));
  search->begin_epoch(2);
  EXPECT_TRUE(search->uses_validation());
  search->step(batch(1), batch(2));
  EXPECT_FALSE(at::equal(search.betas().at(0), betas.at(0)));
}

TEST(PcDarts, RefusesASearchThatOnlyWarmsUp) {
  const TwoEdgesSpace space;
  const Search search(space, "{warm_up_epochs: 4}", "pc_darts", {.sgd = {.epochs = 4}});
  const ErrorDetails error = usage_error_of([&] { search->begin_epoch(0); });
  EXPECT_THAT(error.what, AllOf(HasSubstr("warm_up_epochs is 4"), HasSubstr("4 epochs")));
  EXPECT_THAT(error.remedy, HasSubstr("fewer warm_up_epochs"));
}

TEST(PcDarts, WarmsUpForAsManyEpochsAsTheAuthors) {
  const OneEdgeSpace space;
  const Search search(space, "{k: 1}");
  search->begin_epoch(14);
  EXPECT_FALSE(search->uses_validation());
  search->begin_epoch(15);
  EXPECT_TRUE(search->uses_validation());
}

TEST(PcDarts, EdgesThatEnterOneNodeOfTheDartsSpaceAreWeighedTogether) {
  const auto space =
      host::Host().search_space("darts", "{channels: 8, cells: 3, auxiliary: false, image_size: 9}");
  const Search search(*space);
  std::vector<std::int64_t> entering;
  for (const at::Tensor& beta : search.betas()) entering.push_back(beta.numel());
  EXPECT_THAT(entering, ::testing::UnorderedElementsAre(2, 3, 4, 5, 2, 3, 4, 5));
  double total = 0.0;
  for (const std::vector<double>& strengths : search->strengths())
    for (const double strength : strengths) total += strength;
  EXPECT_NEAR(total, 8.0, 1e-9);
  space->check(search->final_architecture());
}

/// The layers of a network whose names contain `part`, by kind.
int count(const Network& network, const std::string& part, const std::string& description) {
  int found = 0;
  for (const LayerGraph::Node& node : network.plan().graph.nodes)
    if (node.name.find(part) != std::string::npos && node.layer.describe() == description) ++found;
  return found;
}

TEST(PcDarts, EdgesThatHalveTheImageBypassThroughAMaximumPool) {
  const auto space =
      host::Host().search_space("darts", "{channels: 8, cells: 4, auxiliary: false, image_size: 9}");
  const Search search(*space);
  const Network& network = search->network();
  // The first reduction cell halves 9 pixels to 5, the second 5 to 3: by a padding of 1, as convolutions do.
  EXPECT_EQ(count(network, "reduction_1.reduction_cell_1.node_", "max_pool 2x2, stride 2, padding 1"), 8);
  EXPECT_EQ(count(network, "reduction_2.reduction_cell_1.node_", "max_pool 2x2, stride 2, padding 1"), 8);
  EXPECT_EQ(count(network, "", "max_pool 2x2, stride 2, padding 1"), 16) << "two edges to each of four nodes";
  const auto even =
      host::Host().search_space("darts", "{channels: 8, cells: 3, auxiliary: false, image_size: 8}");
  EXPECT_EQ(count(Search(*even)->network(), "", "max_pool 2x2, stride 2"), 16);
}

TEST(PcDarts, AnEdgeThatHalvesTheImageIsThatOfTheAuthors) {
  Graph cell("cell");
  cell.add_node_range(1, 2).add_edge(1, 2);
  cell.edge(1, 2).set_op(Candidates{primitives::zero(2), primitives::avg_pool(2)});
  for (const int size : {6, 7}) {
    const TwoEdgesSpace space(cell, size);
    const Search search(space);
    const at::Tensor images = random_tensor({5, 3, size, size}, 1);
    const at::Tensor x = at::relu(at::conv2d(images, search.weight("stem.conv.weight"), {}, 1, 1));
    const at::Tensor weights = at::softmax(search->alphas()[0].detach(), 0);
    const at::Tensor pooled = weights[1] * at::avg_pool2d(x.narrow(1, 0, 2), 3, 2, 1, false, false);
    const at::Tensor others = at::max_pool2d(x.narrow(1, 2, 6), 2, 2, size % 2);
    const at::Tensor node = Reference::shuffle(at::cat({pooled, others}, 1), 4);
    EXPECT_LT(distance(search.logits(images),
                       at::linear(node.mean(at::IntArrayRef{2, 3}), search.weight("classifier.linear.weight"),
                                  search.weight("classifier.linear.bias"))),
              1e-10);
  }
}

TEST(PcDarts, ANodeThatDoesNotSumItsEdgesGetsThemShuffled) {
  Graph cell = TwoEdgesSpace::two_edges();
  cell.node(3).set_combine(Primitive("concat", {Concat{}}));
  const TwoEdgesSpace concatenated(cell);
  const Search search(concatenated);
  EXPECT_EQ(count(search->network(), "", "channel_shuffle 4"), 2);
  EXPECT_EQ(search.weight("classifier.linear.weight").size(1), 2 * kChannels);
  const TwoEdgesSpace summed;
  EXPECT_EQ(count(Search(summed)->network(), "", "channel_shuffle 4"), 1);
}

TEST(PcDarts, ChoicesOfUnknownChannelsStayWholeAndAreWeighed) {
  Graph inner("inner");
  inner.add_node_range(1, 2).add_edge(1, 2);
  const auto candidates = [&] { return Candidates{primitives::avg_pool(), inner}; };
  Graph cell("cell");
  cell.add_node_range(1, 3).add_edges_densely();
  cell.edge(1, 3).set_op(candidates());
  cell.edge(2, 3).set_op(candidates());
  cell.node(2).set_op(Candidates{primitives::identity(), primitives::avg_pool()});
  const TwoEdgesSpace space(cell);
  const Search search(space);
  EXPECT_EQ(count(search->network(), "", "channel_shuffle 4"), 0);
  const auto strengths = search->strengths();
  EXPECT_NEAR(strengths[0][0] + strengths[0][1] + strengths[1][0] + strengths[1][1], 1.0, 1e-12);
  EXPECT_NEAR(strengths[2][0] + strengths[2][1], 1.0, 1e-12) << "of the node";
  search->begin_epoch(0);
  search->step(batch(1), batch(2));
}

TEST(PcDarts, RefusesChannelsThatKDoesNotDivide) {
  const TwoEdgesSpace space;
  const auto refusal = [&](const SearchSpace& searched, const std::string& options) {
    const auto plugin = host::Host().optimizer("pc_darts", options);
    return usage_error_of([&] { plugin->adapt({.space = searched, .seed = 1}); });
  };
  const ErrorDetails error = refusal(space, "{k: 3}");
  EXPECT_THAT(error.what, AllOf(HasSubstr("k is 3"), HasSubstr("8 channels"), HasSubstr("zero")));
  EXPECT_THAT(error.where, HasSubstr("pc_darts"));
  EXPECT_THAT(error.remedy, HasSubstr("set k to"));
  EXPECT_THAT(refusal(space, "{k: 16}").what, HasSubstr("8 channels"));
  // Each of the two convolutions of a strided skip connection has half of the 8 channels.
  const auto darts = host::Host().search_space("darts", "{channels: 4, cells: 3}");
  EXPECT_THAT(refusal(*darts, "{k: 8}").what, HasSubstr("4 channels"));
}

}  // namespace
}  // namespace espalier::testing
