#include <ATen/ATen.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "network/one_shot_optimizer_under_test.h"
#include "rules/option_rules.h"
#include "rules/rule_list.h"

namespace espalier::contract {
namespace {

void begins_on_any_space(const OneShotOptimizerUnderTest& tested) {
  // The choices have two, one and four candidates.
  Training training = Training::of(tested);
  expect(training->alphas().size() == tested.space.choices().size(),
         "it has {} architecture parameters for {} choices", training->alphas().size(),
         tested.space.choices().size());
}

void stays_finite(const OneShotOptimizerUnderTest& tested) {
  Training training = Training::of(tested);
  for (int i = 0; i < Training::kEpochs * Training::kSteps; ++i) {
    const StepResult result = during(fmt::format("in step {}", i + 1), [&] { return training.step(i); });
    expect(std::isfinite(result.train.loss) && std::isfinite(result.validation.loss),
           "the losses of step {} are {} and {}", i + 1, result.train.loss, result.validation.loss);
    for (const at::Tensor& alpha : training->alphas())
      expect(is_finite(alpha), "after step {} an architecture parameter is not finite", i + 1);
  }
}

void weighs_every_candidate(const OneShotOptimizerUnderTest& tested) {
  Training training = Training::of(tested);
  training.step(0);
  for (const LayerGraph::Node& node : training->network().plan().graph.nodes) {
    auto* const weighting = dynamic_cast<OpWeighting*>(node.weighting.get());
    if (weighting == nullptr) continue;
    const at::Tensor weights = weighting->weights();
    const auto size = static_cast<std::int64_t>(node.inputs.size());
    expect(static_cast<std::int64_t>(weighting->size()) == size, "size() is {} for {} candidates",
           weighting->size(), size);
    expect(weights.dim() == 1 && weights.size(0) == size,
           "weights() is a tensor of the size {} for {} candidates", fmt::join(weights.sizes(), "×"), size);
    expect(is_finite(weights), "a weight is not finite");
    const auto selected = weighting->selected();
    if (!selected) continue;
    expect(*selected < weighting->size(), "selected() is {} for {} candidates", *selected, size);
    for (std::int64_t i = 0; i < size; ++i) {
      const double weight = weights[i].item<double>();
      const bool is_selected = i == static_cast<std::int64_t>(*selected);
      expect(is_selected ? weight != 0.0 : std::abs(weight) < 1e-6,
             "selected() is candidate {}, and candidate {} has the weight {}", *selected, i, weight);
    }
  }
}

void learns_the_architecture(const OneShotOptimizerUnderTest& tested) {
  Training training = Training::of(tested);
  std::vector<at::Tensor> before;
  for (const at::Tensor& alpha : training->alphas()) before.push_back(alpha.detach().clone());
  training.run();
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i].numel() < 2) continue;
    expect(!at::equal(training->alphas()[i], before[i]),
           "the architecture parameters of {1} are the same after {0} steps",
           Training::kEpochs * Training::kSteps, tested.space.choices()[i].name);
  }
}

void finds_an_architecture(const OneShotOptimizerUnderTest& tested) {
  Training training = Training::of(tested);
  for (int i = 0; i < Training::kEpochs * Training::kSteps; ++i) {
    const Architecture found = training->final_architecture();
    during(fmt::format("checking the final architecture after {} steps, {}", i, shown(found)),
           [&] { tested.space.check(found); });
    training.step(i);
  }
}

void depends_on_the_seed_alone(const OneShotOptimizerUnderTest& tested) {
  Training first = Training::of(tested);
  first.run();
  (void)at::rand({3});  // moves LibTorch's own generator
  Training second = Training::of(tested);
  second.run();
  expect(first->strengths() == second->strengths(),
         "two searches with the same seed end with different strengths");
  expect(first->save() == second->save(), "two searches with the same seed end in different states");
}

void resumes_anywhere(const OneShotOptimizerUnderTest& tested) {
  Training whole = Training::of(tested);
  std::vector<nlohmann::json> states;
  for (int i = 0; i < Training::kEpochs * Training::kSteps; ++i) {
    whole.step(i);
    states.push_back(whole->save());
  }
  Training undisturbed = Training::of(tested);
  undisturbed.run();
  expect(undisturbed->save() == states.back(), "saving changes the search");
  for (int done = 1; done < Training::kEpochs * Training::kSteps; ++done) {
    Training resumed = Training::of(tested);
    const auto checkpoint = nlohmann::json::to_cbor(states[static_cast<std::size_t>(done) - 1]);
    resumed->load(nlohmann::json::from_cbor(checkpoint));
    resumed.run(done);
    expect(resumed->save() == states.back(),
           "saved and loaded after {} of {} steps, it ends in a different state", done,
           Training::kEpochs * Training::kSteps);
  }
}

}  // namespace

std::vector<Rule> one_shot_optimizer_rules(const std::string& name, const OneShotOptimizerCase& how) {
  const auto tested = std::make_shared<const OneShotOptimizerUnderTest>(name, how);
  const auto use = [](std::unique_ptr<Plugin> plugin) {
    const SmallSpace space;
    Training training(PluginUnderTest::as<OneShotOptimizer>(std::move(plugin)), space);
    training.run();
    (void)training->final_architecture();
  };
  RuleList<OneShotOptimizerUnderTest> rules(tested, option_rules(tested->plugin, use));
  rules.add(
      {"BeginsOnAnySpace", "the supernet compiles for any choices, including those with a single candidate",
       "a search on another space ends with an error", "relax_impl() must accept any number of candidates"},
      begins_on_any_space);
  rules.add({"StaysFinite", "losses and architecture parameters stay finite",
             "a search ends with an error, and its checkpoint is unusable",
             "guard logarithms and divisions in weights()"},
            stays_finite);
  rules.add(
      {"WeighsEveryCandidate",
       "weights() has a finite number for each candidate, and if selected() names one, all others are zero",
       "the network skips candidates that have a weight",
       "return std::nullopt from selected() unless all other weights are zero"},
      weighs_every_candidate);
  rules.add({"LearnsTheArchitecture", "training changes the architecture parameters of every choice",
             "the search ends where it began, at a random architecture",
             "compute weights() from alpha itself, without detach()"},
            learns_the_architecture);
  rules.add({"FindsAnArchitecture",
             "final_architecture() is an architecture of the space, even before the first step",
             "what the search found cannot be looked up or trained",
             "do not override final_architecture_impl(), or use space().discretize() in it"},
            finds_an_architecture);
  rules.add(
      {"DependsOnTheSeedAlone", "a search depends only on the space, the options, the seed and the batches",
       "a run cannot be repeated",
       "draw from an espalier::Rng made from seed(), the name of a stream and passes(), not from LibTorch's "
       "generator"},
      depends_on_the_seed_alone);
  rules.add({"ResumesAnywhere", "a search that is saved and loaded after any step continues to the same end",
             "a run that was interrupted ends with other results than one that was not",
             "derive whatever changes from the epoch of begin_epoch_impl() and from passes(), because "
             "nothing else is saved"},
            resumes_anywhere);
  return rules.take();
}

}  // namespace espalier::contract
