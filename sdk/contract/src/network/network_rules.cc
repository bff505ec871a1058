#include "espalier/contract/network.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <optional>

#include "espalier/network/compile/network.h"
#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/plan/layer_graph.h"
#include "network/learning.h"
#include "network/tensors.h"
#include "rules/rule_list.h"
#include "rules/tested.h"

namespace espalier::contract {
namespace {

/// All candidates, by a softmax.
class Soft final : public OpWeighting {
 public:
  explicit Soft(at::Tensor alpha) : alpha_(std::move(alpha)) {}
  std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
  std::optional<std::size_t> selected() const override { return std::nullopt; }
  at::Tensor weights() override { return at::softmax(alpha_, 0); }
  const at::Tensor& alpha() const { return alpha_; }

 private:
  at::Tensor alpha_;
};

struct Supernet {
  std::vector<std::shared_ptr<Soft>> weightings;
  std::shared_ptr<Network> network;
};

struct NetworkTrial {
  NetworkTrial(const std::string& name, const NetworkCase& given)
      : tested(std::make_shared<Tested>("search_space", name, given.plugin_path, given.options)),
        how(given) {}

  std::unique_ptr<SearchSpace> make() const { return tested->make<SearchSpace>(); }

  static Supernet supernet(const SearchSpace& space, std::uint64_t seed = 0) {
    Supernet made;
    const Graph graph = space.relax([&](std::size_t choice) {
      const auto candidates = static_cast<std::int64_t>(space.choices()[choice].candidates.size());
      made.weightings.push_back(std::make_shared<Soft>(at::zeros({candidates}).requires_grad_()));
      return made.weightings.back();
    });
    made.network = compiled(graph, space, Purpose::search, seed);
    return made;
  }
  static std::shared_ptr<Network> network(const SearchSpace& space, const Architecture& architecture,
                                          std::uint64_t seed = 0) {
    return compiled(space.instantiate(architecture), space, Purpose::evaluation, seed);
  }
  std::vector<Architecture> samples(const SearchSpace& space) const {
    std::vector<Architecture> drawn;
    for (std::size_t i = 0; i < how.architectures; ++i) {
      Rng rng(0, "contract/network", i);
      drawn.push_back(space.sample(rng));
    }
    return drawn;
  }

  std::shared_ptr<const Tested> tested;
  NetworkCase how;

 private:
  static std::shared_ptr<Network> compiled(const Graph& graph, const SearchSpace& space, Purpose purpose,
                                           std::uint64_t seed) {
    CompileOptions options;
    options.recompute = Recompute::never;
    options.seed = seed;
    return compile(graph, space.input_shape(), purpose, options);
  }
};

constexpr std::int64_t kBatch = 4;

void expect_classes(const at::Tensor& logits, std::int64_t classes, const std::string& of) {
  expect(logits.dim() == 2 && logits.size(0) == kBatch && logits.size(1) == classes,
         "{} made a tensor of {} of {} images, not {} numbers of each", of, fmt::join(logits.sizes(), "×"),
         kBatch, classes);
  expect(is_finite(logits), "{} gives numbers that are not finite", of);
}

void runs_the_supernet(const NetworkTrial& trial) {
  const auto space = trial.make();
  const std::int64_t classes =
      flatten(space->graph(), space->input_shape(), Purpose::search).output().channels;
  const Supernet supernet = trial.supernet(*space);
  supernet.network->train();
  expect_classes(supernet.network->forward(drawn_images(kBatch, space->input_shape())), classes,
                 "the supernet");
}

void supernet_learns_everywhere(const NetworkTrial& trial) {
  const auto space = trial.make();
  expect_learning("the supernet", [&](std::uint64_t seed) {
    const Supernet supernet = trial.supernet(*space, seed);
    supernet.network->train();
    loss_of(supernet.network->forward(drawn_images(kBatch, space->input_shape(), seed))).backward();
    auto all = gradients_of(*supernet.network);
    for (std::size_t i = 0; i < supernet.weightings.size(); ++i)
      if (supernet.weightings[i]->size() > 1)
        all["the weights of " + space->choices()[i].name] = supernet.weightings[i]->alpha().grad();
    return all;
  });
}

void runs_every_network(const NetworkTrial& trial) {
  const auto space = trial.make();
  for (const Architecture& sample : trial.samples(*space)) {
    const std::string of = "the network of " + shown(sample);
    const std::int64_t classes =
        flatten(space->instantiate(sample), space->input_shape(), Purpose::evaluation).output().channels;
    during("running " + of, [&] {
      const auto network = trial.network(*space, sample);
      network->train();
      const auto outputs = network->forward_all(drawn_images(kBatch, space->input_shape()));
      expect_classes(outputs.logits, classes, of);
      if (outputs.auxiliary.defined())
        expect_classes(outputs.auxiliary, classes, "the auxiliary head of " + of);
    });
  }
}

void every_network_learns_everywhere(const NetworkTrial& trial) {
  const auto space = trial.make();
  for (const Architecture& sample : trial.samples(*space)) {
    const std::string of = "the network of " + shown(sample);
    expect_learning(of, [&](std::uint64_t seed) {
      const auto network = trial.network(*space, sample, seed);
      network->train();
      const auto outputs = network->forward_all(drawn_images(kBatch, space->input_shape(), seed));
      at::Tensor loss = loss_of(outputs.logits);
      if (outputs.auxiliary.defined()) loss = loss + loss_of(outputs.auxiliary);
      loss.backward();
      return gradients_of(*network);
    });
  }
}

void counts_its_parameters(const NetworkTrial& trial) {
  const auto space = trial.make();
  const auto expect_count = [](Network& network, const std::string& of) {
    std::int64_t stated = 0;
    for (const LayerGraph::Node& node : network.plan().graph.nodes) stated += node.parameters;
    std::int64_t count = 0;
    for (const at::Tensor& parameter : network.parameters()) count += parameter.numel();
    expect(stated == count, "the layers of {} state {} parameters, and it has {}", of, stated, count);
  };
  expect_count(*trial.supernet(*space).network, "the supernet");
  for (const Architecture& sample : trial.samples(*space))
    expect_count(*trial.network(*space, sample), "the network of " + shown(sample));
}

void starts_from_the_seed_alone(const NetworkTrial& trial) {
  const auto space = trial.make();
  const Supernet first = trial.supernet(*space, 5);
  (void)at::rand({3});  // LibTorch's own generator stands elsewhere now
  const Supernet second = trial.supernet(*space, 5);
  const auto expected = first.network->named_parameters();
  for (const auto& entry : second.network->named_parameters())
    expect(at::equal(entry.value(), expected[entry.key()]),
           "with one seed, {} starts from other numbers each time", entry.key());
}

}  // namespace

std::vector<Rule> network_rules(const std::string& name, const NetworkCase& tested) {
  RuleList<NetworkTrial> rules(std::make_shared<const NetworkTrial>(name, tested), {});
  rules.add({"RunsTheSupernet", "the supernet compiles and gives finite numbers, one a class",
             "no one-shot search runs on the space",
             "read what was thrown; shapes that are inferred are those that modules make"},
            runs_the_supernet);
  rules.add({"SupernetLearnsEverywhere", "gradients reach every weight of the supernet and every choice",
             "a candidate is compared with random weights, or a choice never learnt",
             "look for what detaches, and for parts that lead nowhere"},
            supernet_learns_everywhere);
  rules.add(
      {"RunsEveryNetwork", "the network of every architecture compiles and gives finite numbers, one a class",
       "what a search found cannot be trained",
       "read what was thrown; both hooks make networks of fitting shapes"},
      runs_every_network);
  rules.add({"EveryNetworkLearnsEverywhere",
             "gradients reach every weight of a network that is trained from scratch",
             "a part of the network stays random, and accuracies too low",
             "look for what detaches, and for parts that lead nowhere"},
            every_network_learns_everywhere);
  rules.add({"CountsItsParameters", "the layers state as many parameters as the network has",
             "`espalier inspect` and reports of sizes are wrong",
             "count in parameters() of a layer what its module registers, by purpose"},
            counts_its_parameters);
  rules.add(
      {"StartsFromTheSeedAlone", "initial weights are a function of the seed", "no training can be repeated",
       "fill parameters of a layer's module from an espalier::Rng, not from LibTorch's generator"},
      starts_from_the_seed_alone);
  return rules.take();
}

}  // namespace espalier::contract
