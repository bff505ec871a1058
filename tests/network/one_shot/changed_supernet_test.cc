#include <gmock/gmock.h>

#include "espalier/plugin/plugin_call.h"
#include "network/one_shot/hooked_optimizer.h"
#include "network/one_shot/one_edge.h"

namespace espalier::testing {
namespace {

using ::testing::HasSubstr;
using Change = std::function<void(Graph&)>;

Graph& cell_of(Graph& supernet) { return *supernet.edge(2, 3).op().graph(); }

/// The candidate convolution becomes one of 5×5.
void enlarge_convolution(Graph& supernet) {
  cell_of(supernet).edge(1, 2).op().candidates()->at(1) =
      Primitive("conv", {Conv2d{.kernel = 5, .padding = 2}});
}

/// A convolution that every architecture gets, beside the candidates.
void add_convolution(Graph& supernet) {
  Graph& cell = cell_of(supernet);
  cell.add_node(0).add_node(3).add_edges({{0, 1}, {0, 3}, {2, 3}});
  cell.edge(0, 3).set_op(Primitive("beside", {Conv2d{.kernel = 3, .padding = 1}}));
}

/// The names and sizes of a network's weights.
std::map<std::string, std::vector<std::int64_t>> sizes_of(OneShotOptimizer& optimizer) {
  std::map<std::string, std::vector<std::int64_t>> sizes;
  for (const auto& parameter : optimizer.network().named_parameters())
    sizes[parameter.key()] = parameter.value().sizes().vec();
  return sizes;
}

at::Tensor logits_of(HookedOptimizer& optimizer, const at::Tensor& images) {
  const at::NoGradGuard no_grad;
  return optimizer.network().forward(images);
}

TEST(ChangedSupernet, AChangedCandidateRuns) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.on_change_supernet = enlarge_convolution;
  optimizer.begin(space).begin_epoch(0);
  EXPECT_EQ(sizes_of(optimizer).at("cell_1.edge_1_2.conv.weight"), (std::vector<std::int64_t>{3, 3, 5, 5}));
  const OneEdgeReference reference(optimizer);
  const at::Tensor images = batch(1).images;
  const at::Tensor x = at::relu(at::conv2d(images, reference.stem, {}, 1, 1));
  const at::Tensor w = at::softmax(reference.alpha, 0);
  const at::Tensor mixed = w[0] * x + w[1] * at::conv2d(x, reference.conv, {}, 1, 2) +
                           w[2] * at::avg_pool2d(x, 3, 1, 1, false, false);
  EXPECT_LT(distance(logits_of(optimizer, images),
                     at::linear(mixed.mean(at::IntArrayRef{2, 3}), reference.weight, reference.bias)),
            1e-12);
}

TEST(ChangedSupernet, WhatWasAddedRunsAndLearns) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.on_change_supernet = add_convolution;
  optimizer.begin(space).begin_epoch(0);
  const OneEdgeReference reference(optimizer);
  const at::Tensor beside = optimizer.network().named_parameters()["cell_1.edge_0_3.beside.conv.weight"];
  const at::Tensor before = beside.detach().clone();
  const at::Tensor images = batch(1).images;
  const at::Tensor x = at::relu(at::conv2d(images, reference.stem, {}, 1, 1));
  const at::Tensor added = at::conv2d(x, before, {}, 1, 1).mean(at::IntArrayRef{2, 3});
  EXPECT_LT(
      distance(logits_of(optimizer, images), reference.logits(images) + at::linear(added, reference.weight)),
      1e-12);
  optimizer.step(batch(1), batch(2));
  EXPECT_GT(distance(beside, before), 1e-6);
}

TEST(ChangedSupernet, OtherSearchesOfTheSpaceKeepTheirs) {
  const OneEdgeSpace space;
  const OneEdgeSpace untouched;
  HookedOptimizer expected;
  expected.begin(untouched).begin_epoch(0);
  HookedOptimizer before;
  before.begin(space).begin_epoch(0);
  for (const Change& change : {Change(enlarge_convolution), Change(add_convolution)}) {
    HookedOptimizer changed;
    changed.on_change_supernet = change;
    changed.begin(space).begin_epoch(0);
    changed.step(batch(1), batch(2));
    EXPECT_NE(sizes_of(changed), sizes_of(expected));
  }
  HookedOptimizer after;
  after.begin(space).begin_epoch(0);
  expected.step(batch(1), batch(2));
  for (HookedOptimizer* search : {&before, &after}) {
    EXPECT_EQ(sizes_of(*search), sizes_of(expected));
    search->step(batch(1), batch(2));
    EXPECT_EQ(search->save(), expected.save());
  }
  EXPECT_EQ(space.graph().edges(), untouched.graph().edges());
  const Graph& cell = *space.graph().edge(2, 3).op().graph();
  EXPECT_EQ(cell.edges(), (std::vector<EdgeId>{{1, 2}}));
  const Layer& convolution = cell.edge(1, 2).op().candidates()->at(1).primitive()->nodes().front().layer;
  EXPECT_EQ(convolution, Layer(Conv2d{.kernel = 3, .padding = 1}));
}

/// What a change is refused with.
ErrorDetails refused(const Change& change) {
  const OneEdgeSpace space;
  HookedOptimizer optimizer;
  optimizer.on_change_supernet = change;
  try {
    optimizer.begin(space);
  } catch (const PluginFailure& failure) {
    EXPECT_EQ(failure.details().where, "optimizer 'hooked' (hooked.so)");
    EXPECT_THAT(failure.details().remedy, HasSubstr("report it to its author"));
    return failure.details();
  }
  ADD_FAILURE() << "it was not refused";
  return {.what = {}};
}

constexpr const char* kLeft = "the plugin's change_supernet() left a graph that cannot be trained: ";

TEST(ChangedSupernet, ANetworkThatIsNotConnectedIsRefused) {
  EXPECT_EQ(refused([](Graph& supernet) { supernet.remove_edge(2, 3); }).what,
            std::string(kLeft) + "graph macro has 2 input nodes, and 1 tensors enter at macro");
}

TEST(ChangedSupernet, AChoiceWithoutEffectIsRefused) {
  const ErrorDetails replaced =
      refused([](Graph& supernet) { cell_of(supernet).edge(1, 2).set_op(primitives::identity()); });
  EXPECT_EQ(replaced.what, std::string(kLeft) + "nothing leads from the choice cell.edge_1_2 to the output");
  EXPECT_EQ(replaced.expected, "every choice on a path to the output");
  const ErrorDetails passed_by = refused([](Graph& supernet) {
    supernet.remove_edge(3, 4).add_edge(2, 4);
    supernet.edge(2, 4).set_op(primitives::classifier(4));
  });
  EXPECT_EQ(passed_by.what, replaced.what) << "it still runs, but nothing reads it";
}

TEST(ChangedSupernet, AnOutputOfAnotherShapeIsRefused) {
  const ErrorDetails more_classes =
      refused([](Graph& supernet) { supernet.edge(3, 4).set_op(primitives::classifier(5)); });
  EXPECT_EQ(more_classes.what, std::string(kLeft) + "its output is 5×1×1");
  EXPECT_EQ(more_classes.expected, "4×1×1");
}

TEST(ChangedSupernet, LayersThatDoNotFitAreRefused) {
  const ErrorDetails wider = refused([](Graph& supernet) {
    cell_of(supernet).edge(1, 2).op().candidates()->at(1) =
        Primitive("wider", {Conv2d{.out_channels = 8, .kernel = 3, .padding = 1}});
  });
  EXPECT_EQ(wider.what, std::string(kLeft) +
                            "candidates differ in shape: identity gives 3×6×6, wider gives 8×6×6 at "
                            "cell_1.edge_1_2");
  EXPECT_EQ(wider.expected, "one shape for all candidates of a choice, which a supernet sums");
}

TEST(ChangedSupernet, AnErrorInTheHookNamesTheOptimizer) {
  EXPECT_EQ(refused([](Graph&) { throw std::runtime_error("no idea"); }).what,
            "the plugin's change_supernet() failed: no idea");
}

}  // namespace
}  // namespace espalier::testing
