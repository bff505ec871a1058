#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "espalier/graph/graph_data.h"
#include "espalier/host/host.h"
#include "espalier/layers/primitives.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "network/small_networks.h"

namespace espalier::testing {

constexpr int kColors = 3;

/// Two choices in a row. Where either takes its first candidate, nothing of the image arrives.
class ChainSpace final : public SearchSpace {
 public:
  ChainSpace() : SearchSpace(definition()) { set_name("chain"); }

 private:
  static SpaceDefinition definition() {
    Graph macro("macro");
    macro.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    macro.edge(1, 2).set_op(Candidates{primitives::zero(), primitives::identity()});
    macro.edge(2, 3).set_op(Candidates{primitives::zero(), primitives::identity(), primitives::avg_pool()});
    macro.edge(3, 4).set_op(primitives::classifier(kColors));
    return {.graph = std::move(macro), .input_shape = {.channels = 3, .height = 4, .width = 4}};
  }
};

constexpr std::size_t kInner = 0;  ///< the choice of a convolution in NestedSpace

/// Behind a dropout a node that chooses between a pool and a graph with a choice of its own, and then an
/// edge. Nine architectures.
class NestedSpace final : public SearchSpace {
 public:
  NestedSpace() : SearchSpace(definition()) { set_name("nested"); }

 private:
  static SpaceDefinition definition() {
    Graph macro("macro");
    macro.add_node_range(1, 4).add_edges({{1, 2}, {2, 3}, {3, 4}});
    macro.node(2).set_op(Candidates{primitives::avg_pool(), graph_with_choice()});
    macro.edge(1, 2).set_op(Primitive("dropout", {Dropout{}}));
    macro.edge(2, 3).set_op(
        Candidates{primitives::identity(), primitives::avg_pool(), primitives::max_pool()});
    macro.edge(3, 4).set_op(primitives::classifier(kColors));
    return {.graph = std::move(macro), .input_shape = {.channels = 3, .height = 4, .width = 4}};
  }
};

/// Images of three classes; each is bright in the channel of its class.
inline DividedImages colored_images(const Shape& shape) {
  constexpr std::size_t kEach = 24;
  auto images = std::make_shared<Images>();
  images->shape = shape;
  Rng rng(1, "colors");
  std::vector<std::uint32_t> indices;
  const auto area = static_cast<std::size_t>(shape.height * shape.width);
  for (std::uint32_t i = 0; i < 2 * kEach; ++i) {
    indices.push_back(i);
    images->labels.push_back(static_cast<std::uint16_t>(i % kColors));
    for (std::uint32_t channel = 0; channel < kColors; ++channel)
      for (std::size_t pixel = 0; pixel < area; ++pixel)
        images->pixels.push_back(
            static_cast<std::uint8_t>(rng.below(100) + (channel == i % kColors ? 150 : 0)));
  }
  const ImageSet all{std::move(images), {.mean = {0, 0, 0}, .standard_deviation = {1, 1, 1}}, {}};
  return {.train = all.with({indices.begin(), indices.begin() + kEach}),
          .validation = all.with({indices.begin() + kEach, indices.end()})};
}

/// How a PathSearch is done.
struct PathSearchOptions {
  std::function<bool(const Architecture&)> allowed = {};
  int accumulation = 1;
  std::size_t batch_size = 24;  ///< by default all images
};

/// A one-shot search on these images, as a trainer drives it.
class PathSearch {
 public:
  PathSearch(const SearchSpace& space, const char* name, const std::string& options = {},
             const PathSearchOptions& how = {})
      : optimizer_(dynamic_cast<OneShotOptimizer*>(plugin(name, options))),
        images_(std::make_unique<SearchImages>(colored_images(space.input_shape()), loader(how))) {
    optimizer_->adapt({.space = space, .seed = 5, .allowed = how.allowed});
    optimizer_->compile_supernet(
        in_double(), {.sgd = {.epochs = 2, .learning_rate = 0.1}, .accumulation = how.accumulation});
    optimizer_->begin_epoch(0);
  }

  OneShotOptimizer* operator->() { return optimizer_.get(); }
  StepResult step() { return optimizer_->step(images_->train(steps_++), {}); }
  void end_epoch() {
    while (optimizer_->end_epoch(*images_)) continue;
  }
  /// At most so many parts of the end; false when nothing was left.
  bool finish(int parts = 1'000'000) {
    bool more = true;
    while (more && parts-- > 0) more = optimizer_->finish(*images_);
    return more;
  }
  void load(const nlohmann::json& state) {
    optimizer_->load(nlohmann::json::from_cbor(nlohmann::json::to_cbor(state)));
    optimizer_->begin_epoch(0);
  }

  /// The candidate that is taken at each choice, in the order in which the network comes to them.
  Architecture path() {
    Architecture path;
    std::vector<std::size_t> taken;
    for (const LayerGraph::Node& node : optimizer_->network().plan().graph.nodes)
      if (node.weighting)
        for (std::size_t i = 0; i < node.weighting->size(); ++i)
          if (node.weighting->runs(i)) taken.push_back(i);
    path = Architecture::zeros(taken.size());
    for (std::size_t i = 0; i < taken.size(); ++i) path.set(i, taken[i]);
    return path;
  }
  /// The first whose name ends so.
  at::Tensor parameter(const std::string& name) {
    for (const auto& parameter : optimizer_->network().named_parameters())
      if (parameter.key().ends_with(name)) return parameter.value();
    ADD_FAILURE() << "no parameter " << name;
    return {};
  }
  /// Makes the classifier see the color of an image, and take one without any for the first class.
  void see_colors() {
    const at::NoGradGuard no_grad;
    parameter("classifier.linear.weight").copy_(at::eye(kColors, at::kDouble));
    parameter("classifier.linear.bias").copy_(at::tensor({1e-3, 0.0, 0.0}, at::kDouble));
  }

 private:
  static OneShotOptimizer* plugin(const char* name, const std::string& options) {
    return &dynamic_cast<OneShotOptimizer&>(*host::Host().optimizer(name, options).release());
  }
  static LoaderOptions loader(const PathSearchOptions& how) {
    LoaderOptions options;
    options.batch_size = how.batch_size;
    options.augmentation = Augmentation::none();
    options.dtype = at::kDouble;
    options.seed = 5;
    return options;
  }

  std::unique_ptr<OneShotOptimizer> optimizer_;
  std::unique_ptr<SearchImages> images_;
  std::uint64_t steps_ = 0;
};

}  // namespace espalier::testing
