#include <ATen/ATen.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/graph/graph_data.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/network/one_shot/partial_channels.h"
#include "espalier/plugin/plugin.h"

using namespace espalier;

namespace {

/// PC-DARTS (Xu et al., 2020): DARTS on 1/k of the channels, in which the edges that enter a node are weighed
/// against one another by the softmax of parameters of their own, β.
class PcDarts final : public OneShotOptimizer {
 public:
  explicit PcDarts(const Config& config)
      : OneShotOptimizer(config),
        k_(config.integer("k", 4, "the candidates read 1/k of an edge's channels, and the others bypass them",
                          between(1, 1024))),
        warm_up_epochs_(config.integer("warm_up_epochs", 15, "for how many epochs the weights learn alone",
                                       at_least(0))) {}

 protected:
  void adapt_impl() override {
    space().check_supernet();
    check_partial_channels(space(), k_);
    for (const Graph* graph : space().graph().instances())
      for (const int node : graph->nodes()) {
        std::vector<std::size_t> entering;
        for (const auto& [from, to] : graph->in_edges(node))
          if (const auto choice = choice_of(graph->edge(from, to))) entering.push_back(*choice);
        weigh_together(entering);
      }
    for (std::size_t choice = 0; choice < space().choices().size(); ++choice) weigh_together({choice});
  }

  void begin_search_impl(at::ScalarType dtype) override {
    betas_.clear();
    for (std::size_t node = 0; node < edges_.size(); ++node) {
      Rng rng(seed(), "beta", node);
      at::Tensor& beta = betas_.emplace_back(at::empty({edges_[node]}, dtype));
      for (std::int64_t i = 0; i < edges_[node]; ++i) beta[i] = 1e-3 * rng.normal();
    }
    add_parameters("betas", betas_, architecture_options());
  }

  std::shared_ptr<OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t choice) override {
    return std::make_shared<Weights>(*this, alpha, choice);
  }

  void change_supernet_impl(Graph& supernet) override {
    std::map<std::size_t, std::shared_ptr<Weighting>> bypasses;
    add_partial_channels(supernet, space(), k_, [&](std::size_t choice) {
      std::shared_ptr<Weighting>& bypass = bypasses[choice];
      if (!bypass)
        bypass = std::make_shared<Weights>(*this, at::zeros({1}, alphas()[choice].options()), choice);
      return bypass;
    });
  }

  void begin_epoch_impl(int, int epochs) override {
    if (warm_up_epochs_ < epochs) return;
    throw UsageError({.what = "warm_up_epochs is " + std::to_string(warm_up_epochs_) + " of a search of " +
                              std::to_string(epochs) + " epochs, so that the architecture would never learn",
                      .remedy = "set fewer warm_up_epochs, or more epochs of the trainer"});
  }

  bool learns_architecture_impl(int epoch) const override { return epoch >= warm_up_epochs_; }

  std::vector<std::vector<double>> strengths_impl() const override {
    std::vector<std::vector<double>> all = OneShotOptimizer::strengths_impl();
    for (std::size_t choice = 0; choice < all.size(); ++choice)
      for (double& strength : all[choice]) strength *= edge_weight(choice).item<double>();
    return all;
  }

 private:
  /// The softmax of α, times the weight of the edge.
  class Weights final : public OpWeighting {
   public:
    Weights(const PcDarts& search, at::Tensor alpha, std::size_t choice)
        : search_(search), alpha_(std::move(alpha)), choice_(choice) {}
    std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
    at::Tensor weights() override { return at::softmax(alpha_, 0) * search_.edge_weight(choice_); }

   private:
    const PcDarts& search_;
    at::Tensor alpha_;
    std::size_t choice_;
  };

  struct Place {
    std::size_t node;
    std::int64_t edge;
  };

  at::Tensor edge_weight(std::size_t choice) const {
    const Place& place = places_.at(choice);
    return at::softmax(betas_[place.node], 0)[place.edge];
  }

  /// Gives a β to each choice that has none, beside those of the others. Copies of a node can differ in which
  /// choices enter them.
  void weigh_together(const std::vector<std::size_t>& choices) {
    if (choices.empty()) return;
    std::size_t node = edges_.size();
    for (const std::size_t choice : choices)
      if (places_.contains(choice)) node = places_.at(choice).node;
    if (node == edges_.size()) edges_.push_back(0);
    for (const std::size_t choice : choices)
      if (places_.try_emplace(choice, Place{node, edges_[node]}).second) ++edges_[node];
  }

  int k_;
  int warm_up_epochs_;
  std::map<std::size_t, Place> places_;  ///< by choice
  std::vector<std::int64_t> edges_;      ///< by node that choices enter: how many there are
  std::vector<at::Tensor> betas_;        ///< by node as well
};

}  // namespace

ESPALIER_OPTIMIZER(pc_darts, PcDarts, "1.0.0")
