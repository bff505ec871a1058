#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <vector>

#include "espalier/graph/graph_data.h"
#include "espalier/layers/primitives.h"
#include "espalier/network/compile/network.h"
#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/random/random.h"
#include "espalier/space/search_space.h"

namespace espalier::testing {

/// A tensor of standard normal numbers from a seed.
inline at::Tensor random_tensor(at::IntArrayRef sizes, std::uint64_t seed) {
  Rng rng(seed, "tensor");
  at::Tensor tensor = at::empty(sizes, at::kDouble);
  for (std::int64_t i = 0; i < tensor.numel(); ++i) tensor.data_ptr<double>()[i] = rng.normal();
  return tensor;
}

inline CompileOptions in_double() {
  CompileOptions options;
  options.dtype = at::kDouble;
  return options;
}

/// Weights that a test gives: softmax of `alpha`, or a hard choice of one candidate whose weight is 1 and
/// whose gradient is that of the softmax.
class GivenWeighting final : public OpWeighting {
 public:
  explicit GivenWeighting(at::Tensor alpha, std::optional<std::size_t> selected = {})
      : alpha_(std::move(alpha)), selected_(selected) {}

  std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
  bool runs(std::size_t candidate) const override { return !selected_ || *selected_ == candidate; }
  at::Tensor weights() override {
    ++calls;
    const at::Tensor soft = at::softmax(alpha_, 0);
    if (!selected_) return soft;
    at::Tensor hard = at::zeros_like(soft.detach());
    hard[static_cast<std::int64_t>(*selected_)] = 1.0;
    return hard + soft - soft.detach();
  }
  const at::Tensor& alpha() const { return alpha_; }

  int calls = 0;

 private:
  at::Tensor alpha_;
  std::optional<std::size_t> selected_;
};

/// A graph with a choice of its own, between two convolutions of three channels.
inline Graph graph_with_choice() {
  Graph inner("inner");
  inner.add_node_range(1, 2).add_edge(1, 2);
  inner.edge(1, 2).set_op(Candidates{primitives::relu_conv_bn(3, 1), primitives::relu_conv_bn(3, 3)});
  return inner;
}

/// Stem, one cell of `nodes` nodes whose edges choose between what the alphabet offers, classifier; the
/// candidates, combines and the number of copies are drawn from the seed.
class RandomSpace final : public SearchSpace {
 public:
  explicit RandomSpace(std::uint64_t seed, int channels = 4, int image_size = 6)
      : SearchSpace(definition(seed, channels, image_size)) {
    set_name("random");
  }

 private:
  static SpaceDefinition definition(std::uint64_t seed, int channels, int image_size) {
    Rng rng(seed, "space");
    const int nodes = 3 + static_cast<int>(rng.below(3));
    Graph cell("cell");
    cell.add_node_range(1, nodes).add_edges_densely();
    cell.update_edges([&](EdgeData& edge) {
      Candidates candidates;
      for (std::size_t i = 0; i < 2 + rng.below(4); ++i) candidates.push_back(candidate(rng, channels));
      if (rng.below(6) == 0)
        edge.set_op(candidates.front());  // not everything is searched
      else
        edge.set_op(std::move(candidates));
    });
    cell.edge(1, 2).set_op(Candidates{primitives::zero(), primitives::relu_conv_bn(channels, 3)});
    if (rng.below(2) == 0) cell.node(nodes).set_combine(primitives::concat_project(channels));
    cell.set_scope("cells");

    Graph macro("macro");
    const int copies = 1 + static_cast<int>(rng.below(2));
    macro.add_node_range(1, copies + 3);
    for (int i = 1; i < copies + 3; ++i) macro.add_edge(i, i + 1);
    macro.edge(1, 2).set_op(primitives::stem(channels));
    for (int i = 2; i < copies + 2; ++i) macro.edge(i, i + 1).set_op(cell.copy());
    macro.edge(copies + 2, copies + 3).set_op(primitives::classifier(5, /*bn_relu=*/true));
    return {.graph = std::move(macro), .scopes = {"cells"}, .input_shape = {3, image_size, image_size}};
  }

  static Operation candidate(Rng& rng, int channels) {
    switch (rng.below(9)) {
      case 0:
        return primitives::zero();
      case 1:
        return primitives::identity();
      case 2:
        return primitives::relu_conv_bn(channels, 1);
      case 3:
        return primitives::relu_conv_bn(channels, 3);
      case 4:
        return primitives::max_pool();
      case 5:
        return primitives::avg_pool(1, /*batch_norm=*/true);
      case 6:
        return primitives::sep_conv(channels, 3);
      case 7:
        return primitives::dil_conv(channels, 3);
      default:
        return primitives::conv_bn_relu(channels, 3);
    }
  }
};

}  // namespace espalier::testing
