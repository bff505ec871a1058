#include "espalier/contract/network.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "espalier/network/compile/network.h"
#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/plan/layer_graph.h"
#include "network/learning.h"
#include "network/tensors.h"
#include "rules/plugin_under_test.h"
#include "rules/rule_list.h"

namespace espalier::contract {
namespace {

/// Weighs all candidates by a softmax.
class Soft final : public OpWeighting {
 public:
  explicit Soft(at::Tensor alpha) : alpha_(std::move(alpha)) {}
  std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
  at::Tensor weights() override { return at::softmax(alpha_, 0); }
  const at::Tensor& alpha() const { return alpha_; }

 private:
  at::Tensor alpha_;
};

struct Supernet {
  std::vector<std::shared_ptr<Soft>> weightings;
  std::shared_ptr<Network> network;
};

struct NetworksUnderTest {
  NetworksUnderTest(const std::string& name, const NetworkCase& given)
      : plugin(std::make_shared<PluginUnderTest>("search_space", name, given.plugin_path, given.options)),
        how(given) {}

  std::unique_ptr<SearchSpace> make() const { return plugin->make<SearchSpace>(); }

  static Supernet supernet(const SearchSpace& space, std::uint64_t seed = 0) {
    if (!space.has_supernet()) throw NotApplicable("the space has no supernet");
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

  std::shared_ptr<const PluginUnderTest> plugin;
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

constexpr std::int64_t kImages = 4;

void expect_classes(const at::Tensor& logits, std::int64_t classes, const std::string& of) {
  expect(logits.dim() == 2 && logits.size(0) == kImages && logits.size(1) == classes,
         "{} returned a tensor of the size {} for {} images, not {} numbers per image", of,
         fmt::join(logits.sizes(), "×"), kImages, classes);
  expect(is_finite(logits), "{} returns numbers that are not finite", of);
}

void runs_the_supernet(const NetworksUnderTest& tested) {
  const auto space = tested.make();
  const Supernet supernet = tested.supernet(*space);
  const std::int64_t classes =
      flatten(space->graph(), space->input_shape(), Purpose::search).output().channels;
  supernet.network->train();
  expect_classes(supernet.network->forward(drawn_images(kImages, space->input_shape())), classes,
                 "the supernet");
}

void supernet_learns_everywhere(const NetworksUnderTest& tested) {
  const auto space = tested.make();
  expect_learning("the supernet", [&](std::uint64_t seed) {
    const Supernet supernet = tested.supernet(*space, seed);
    supernet.network->train();
    loss_of(supernet.network->forward(drawn_images(kImages, space->input_shape(), seed))).backward();
    auto all = gradients_of(*supernet.network);
    for (std::size_t i = 0; i < supernet.weightings.size(); ++i)
      if (supernet.weightings[i]->size() > 1)
        all["the weights of " + space->choices()[i].name] = supernet.weightings[i]->alpha().grad();
    return all;
  });
}

void runs_every_network(const NetworksUnderTest& tested) {
  const auto space = tested.make();
  for (const Architecture& sample : tested.samples(*space)) {
    const std::string of = "the network of " + shown(sample);
    const std::int64_t classes =
        flatten(space->instantiate(sample), space->input_shape(), Purpose::evaluation).output().channels;
    during("running " + of, [&] {
      const auto network = tested.network(*space, sample);
      network->train();
      const auto outputs = network->forward_all(drawn_images(kImages, space->input_shape()));
      expect_classes(outputs.logits, classes, of);
      if (outputs.auxiliary.defined())
        expect_classes(outputs.auxiliary, classes, "the auxiliary head of " + of);
    });
  }
}

void every_network_learns_everywhere(const NetworksUnderTest& tested) {
  const auto space = tested.make();
  for (const Architecture& sample : tested.samples(*space)) {
    const std::string of = "the network of " + shown(sample);
    expect_learning(of, [&](std::uint64_t seed) {
      const auto network = tested.network(*space, sample, seed);
      network->train();
      const auto outputs = network->forward_all(drawn_images(kImages, space->input_shape(), seed));
      at::Tensor loss = loss_of(outputs.logits);
      if (outputs.auxiliary.defined()) loss = loss + loss_of(outputs.auxiliary);
      loss.backward();
      return gradients_of(*network);
    });
  }
}

void counts_their_parameters(const NetworksUnderTest& tested) {
  const auto space = tested.make();
  const auto expect_count = [](Network& network, const std::string& of) {
    std::int64_t stated = 0;
    for (const LayerGraph::Node& node : network.plan().graph.nodes) stated += node.parameters;
    std::int64_t count = 0;
    for (const at::Tensor& parameter : network.parameters()) count += parameter.numel();
    expect(stated == count, "the layers of {} state {} parameters, and its modules have {}", of, stated,
           count);
  };
  if (space->has_supernet()) expect_count(*tested.supernet(*space).network, "the supernet");
  for (const Architecture& sample : tested.samples(*space))
    expect_count(*tested.network(*space, sample), "the network of " + shown(sample));
}

void starts_from_the_seed_alone(const NetworksUnderTest& tested) {
  const auto space = tested.make();
  const auto make_network = [&] {
    constexpr std::uint64_t kSeed = 5;
    return space->has_supernet() ? tested.supernet(*space, kSeed).network
                                 : tested.network(*space, tested.samples(*space).front(), kSeed);
  };
  const auto first = make_network();
  (void)at::rand({3});  // moves LibTorch's own generator
  const auto second = make_network();
  const auto expected = first->named_parameters();
  for (const auto& entry : second->named_parameters())
    expect(at::equal(entry.value(), expected[entry.key()]),
           "with the same seed, {} starts from different numbers each time", entry.key());
}

}  // namespace

std::vector<Rule> network_rules(const std::string& name, const NetworkCase& how) {
  RuleList<NetworksUnderTest> rules(std::make_shared<const NetworksUnderTest>(name, how), {});
  rules.add({"RunsTheSupernet", "the supernet compiles and returns one finite number per class",
             "no one-shot search runs on the space",
             "read the exception; the shapes that layers state must be those that their modules produce"},
            runs_the_supernet);
  rules.add({"SupernetLearnsEverywhere", "gradients reach every weight of the supernet and every choice",
             "a candidate is compared with random weights, or a choice is never learned",
             "look for detached tensors, and for parts that lead nowhere"},
            supernet_learns_everywhere);
  rules.add({"RunsEveryNetwork",
             "the network of every architecture compiles and returns one finite number per class",
             "what a search found cannot be trained",
             "read the exception; both hooks must make networks whose shapes fit"},
            runs_every_network);
  rules.add({"EveryNetworkLearnsEverywhere",
             "gradients reach every weight of a network that is trained from scratch",
             "a part of the network stays random, and accuracies are too low",
             "look for detached tensors, and for parts that lead nowhere"},
            every_network_learns_everywhere);
  rules.add({"CountsItsParameters", "the layers state as many parameters as the network has",
             "`espalier inspect` and reports of sizes are wrong",
             "parameters() of a layer must count what its module registers for each purpose"},
            counts_their_parameters);
  rules.add(
      {"StartsFromTheSeedAlone", "initial weights depend only on the seed", "no training can be repeated",
       "fill the parameters of a layer's module from an espalier::Rng, not from LibTorch's generator"},
      starts_from_the_seed_alone);
  return rules.take();
}

}  // namespace espalier::contract
