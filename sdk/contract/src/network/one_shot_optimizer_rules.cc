#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "network/one_shot_optimizer_under_test.h"
#include "rules/option_rules.h"
#include "rules/rewritten.h"
#include "rules/rule_list.h"

namespace espalier::contract {
namespace {

void begins_on_any_space(const OneShotOptimizerUnderTest& tested) {
  // The choices have two, one and four candidates.
  Training training = Training::of(tested);
  training.run();
}

void stays_finite(const OneShotOptimizerUnderTest& tested) {
  Training training = Training::of(tested);
  for (int i = 0; i < Training::kAllSteps; ++i) {
    const StepResult result = during(fmt::format("in step {}", i + 1), [&] { return training.step(i); });
    expect(std::isfinite(result.train.loss), "the training loss of step {} is {}", i + 1, result.train.loss);
    if (result.validation)
      expect(std::isfinite(result.validation->loss), "the validation loss of step {} is {}", i + 1,
             result.validation->loss);
    for (const at::Tensor& alpha : training->alphas())
      expect(is_finite(alpha), "after step {} an architecture parameter is not finite", i + 1);
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
           "the architecture parameters of {1} are the same after {0} steps", Training::kAllSteps,
           tested.space.choices()[i].name);
  }
}

void finds_an_architecture(const OneShotOptimizerUnderTest& tested) {
  Training training = Training::of(tested);
  const auto check = [&](int steps) {
    const Architecture found = training->final_architecture();
    during(fmt::format("checking the final architecture after {} steps, {}", steps, shown(found)),
           [&] { tested.space.check(found); });
  };
  for (int i = 0; i < Training::kAllSteps; ++i) {
    if (training->has_found()) check(i);
    training.step(i);
  }
  training.run(Training::kAllSteps);
  check(Training::kAllSteps);
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
  for (int i = 0; i < Training::kAllSteps; ++i) {
    whole.step(i);
    states.push_back(whole->save());
  }
  while (whole.finish()) states.push_back(whole->save());
  states.push_back(whole->save());
  Training undisturbed = Training::of(tested);
  undisturbed.run();
  expect(undisturbed->save() == states.back(), "saving changes the search");
  for (std::size_t done = 1; done < states.size(); ++done) {
    Training resumed = Training::of(tested);
    resumed->load(rewritten(states[done - 1]));
    resumed.run(std::min(static_cast<int>(done), Training::kAllSteps));
    expect(resumed->save() == states.back(),
           "saved and loaded after {} of {} steps and parts of its end, it ends in a different state", done,
           states.size() - 1);
  }
}

void passes_on(const OneShotOptimizerUnderTest& tested) {
  check_stages([&](const nlohmann::json* passed) { return Training::of(tested, passed); },
               [](Training& training) { training.run(); });
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
  if (tested->learns_architecture)
    rules.add(
        {"LearnsTheArchitecture",
         "training changes the architecture parameters of every choice; left out if the case declares that "
         "it learns none",
         "the search ends where it began, at a random architecture",
         "compute weights() from alpha itself, without detach()"},
        learns_the_architecture);
  rules.add(
      {"FindsAnArchitecture",
       "final_architecture() is an architecture of the space after the end of the search, and before it "
       "wherever has_found() is true",
       "what the search found cannot be looked up or trained",
       "do not override final_architecture_impl(), or use space().discretize() in it"},
      finds_an_architecture);
  rules.add(
      {"DependsOnTheSeedAlone", "a search depends only on the space, the options, the seed and the batches",
       "a run cannot be repeated",
       "draw from an espalier::Rng made from seed(), the name of a stream, and passes() or steps(), not from "
       "LibTorch's generator"},
      depends_on_the_seed_alone);
  rules.add(
      {"ResumesAnywhere",
       "a search that is saved and loaded after any step, or between two parts of its end, continues to the "
       "same end",
       "a run that was interrupted ends with other results than one that was not",
       "derive whatever changes from the epoch of begin_epoch_impl(), from passes() and from steps(), give "
       "parameters to add_parameters(), and write anything else in save_impl()"},
      resumes_anywhere);
  rules.add(kPassesOnWhatItSaves, passes_on);
  return rules.take();
}

}  // namespace espalier::contract
