#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "espalier/contract/one_shot_optimizer.h"
#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "network/tensors.h"
#include "rules/plugin_under_test.h"
#include "search/stage_rule.h"

namespace espalier::contract {

/// A stem, two copies of a cell whose edges have two, one and four candidates, and a classifier.
class SmallSpace final : public SearchSpace {
 public:
  static constexpr int kClasses = 4;

  SmallSpace() : SearchSpace(definition()) { set_name("contract_small"); }

 private:
  static SpaceDefinition definition() {
    constexpr int channels = 4;
    Graph cell("cell");
    cell.add_node_range(1, 3).add_edges_densely().set_scope("cells");
    cell.edge(1, 2).set_op(Candidates{primitives::identity(), primitives::relu_conv_bn(channels, 3)});
    cell.edge(1, 3).set_op(Candidates{primitives::relu_conv_bn(channels, 1)});
    cell.edge(2, 3).set_op(Candidates{primitives::zero(), primitives::identity(),
                                      primitives::relu_conv_bn(channels, 1), primitives::avg_pool()});
    Graph macro("macro");
    macro.add_node_range(1, 5).add_edges({{1, 2}, {2, 3}, {3, 4}, {4, 5}});
    macro.edge(1, 2).set_op(primitives::stem(channels));
    macro.edge(2, 3).set_op(cell.copy());
    macro.edge(3, 4).set_op(cell.copy());
    macro.edge(4, 5).set_op(primitives::classifier(kClasses));
    return {.graph = std::move(macro),
            .scopes = {"cells"},
            .input_shape = {.channels = 3, .height = 6, .width = 6}};
  }
};

struct OneShotOptimizerUnderTest {
  OneShotOptimizerUnderTest(const std::string& name, const OneShotOptimizerCase& given)
      : plugin(std::make_shared<PluginUnderTest>("optimizer", name, given.plugin_path, given.options)),
        learns_architecture(given.learns_architecture) {}

  std::shared_ptr<const PluginUnderTest> plugin;
  bool learns_architecture;
  SmallSpace space;
};

/// Twelve images of a class each in turn, six to train and six to judge with.
inline DividedImages small_images(const Shape& shape) {
  constexpr std::size_t kImages = 12;
  auto images = std::make_shared<Images>();
  images->shape = shape;
  Rng rng(3, "contract/pixels");
  for (std::size_t i = 0; i < kImages * static_cast<std::size_t>(shape.elements()); ++i)
    images->pixels.push_back(static_cast<std::uint8_t>(rng.below(256)));
  for (std::size_t i = 0; i < kImages; ++i)
    images->labels.push_back(static_cast<std::uint16_t>(i % SmallSpace::kClasses));
  const std::vector<float> ones(static_cast<std::size_t>(shape.channels), 0.5F);
  const ImageSet all{std::move(images), {.mean = ones, .standard_deviation = ones}, {}};
  return {.train = all.with({0, 1, 2, 3, 4, 5}), .validation = all.with({6, 7, 8, 9, 10, 11})};
}

/// The training of a supernet: two epochs of three steps, and what the optimizer does between and after them.
/// All of it runs in one thread, in which sums have one order.
class Training {
 public:
  static constexpr int kEpochs = 2;
  static constexpr int kSteps = 3;
  static constexpr int kAllSteps = kEpochs * kSteps;
  static constexpr std::uint64_t kSeed = 7;

  /// Takes over what a stage before `passed` on, unless that is null.
  Training(std::unique_ptr<OneShotOptimizer> optimizer, const SearchSpace& space,
           const nlohmann::json* passed = nullptr)
      : optimizer_(std::move(optimizer)),
        images_(
            std::make_unique<SearchImages>(small_images(space.input_shape()),
                                           LoaderOptions{.batch_size = 4, .seed = kSeed, .prefetch = 1})) {
    at::set_num_threads(1);
    optimizer_->adapt({.space = space, .seed = kSeed});
    if (passed != nullptr) stage_of(*optimizer_).take_over(*passed);
    CompileOptions options;
    options.recompute = Recompute::never;
    optimizer_->compile_supernet(options, {.sgd = {.epochs = kEpochs}});
  }
  static Training of(const OneShotOptimizerUnderTest& tested, const nlohmann::json* passed = nullptr) {
    return {tested.plugin->make<OneShotOptimizer>(), tested.space, passed};
  }

  OneShotOptimizer& operator*() { return *optimizer_; }
  OneShotOptimizer* operator->() { return optimizer_.get(); }

  /// One step, and the end of its epoch where it is the last; `index` runs from 0 to kAllSteps - 1.
  StepResult step(int index) {
    const int epoch = index / kSteps;
    if (index % kSteps == 0 || !begun_) optimizer_->begin_epoch(epoch);
    begun_ = true;
    const auto seed = static_cast<std::uint64_t>(2 * index);
    const StepResult result = optimizer_->step(batch(seed), batch(seed + 1));
    if (index % kSteps == kSteps - 1)
      while (optimizer_->end_epoch(*images_)) continue;
    return result;
  }
  /// From a step to the end.
  void run(int begin = 0) {
    for (int i = begin; i < kAllSteps; ++i) step(i);
    while (finish()) continue;
  }
  /// A part of what follows the last step; false when nothing is left.
  bool finish() { return optimizer_->finish(*images_); }

 private:
  Batch batch(std::uint64_t seed) const {
    constexpr std::int64_t kImages = 8;
    return {.images = drawn_images(kImages, optimizer_->space().input_shape(), seed),
            .labels = at::arange(kImages, at::kLong).remainder(SmallSpace::kClasses)};
  }

  std::unique_ptr<OneShotOptimizer> optimizer_;
  std::unique_ptr<SearchImages> images_;
  bool begun_ = false;
};

}  // namespace espalier::contract
