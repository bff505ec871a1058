#include "run/method_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/ability.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/plugin/uses_all_cores.h"
#include "espalier/search/searches_in_stages.h"
#include "run/at_place.h"
#include "run/dataset_facts.h"
#include "run/named_error.h"
#include "run/run_builder.h"

namespace espalier::host {
namespace {

void check_passes_on(Optimizer& optimizer, const Location& where) {
  if (ability<SearchesInStages>(optimizer) != nullptr) return;
  throw UsageError({.what = fmt::format("the optimizer \"{}\" does not search in stages", optimizer.name()),
                    .where = to_string(where),
                    .expected = "an optimizer that passes on what it keeps (SearchesInStages)",
                    .remedy = "remove stages:"});
}

std::string candidates_of(const Choice& choice) {
  return fmt::format("{} [{}]", choice.name, fmt::join(choice.candidates, ", "));
}

/// What a stage finds has to mean the same in the next one, and in the run.
void check_same_choices(const SearchSpace& run, const SearchSpace& stage, const Location& where) {
  const auto refuse = [&](const std::string& here, const std::string& there) {
    throw UsageError({.what = fmt::format("this stage changes what there is to choose: {} here, and {} in "
                                          "search_space",
                                          here, there),
                      .where = to_string(where),
                      .expected = "options that change only the network around the choices, such as its "
                                  "cells or channels"});
  };
  const std::vector<Choice>& here = stage.choices();
  const std::vector<Choice>& there = run.choices();
  for (std::size_t i = 0; i < std::min(here.size(), there.size()); ++i)
    if (here[i].name != there[i].name || here[i].candidates != there[i].candidates)
      refuse(candidates_of(here[i]), candidates_of(there[i]));
  if (here.size() != there.size())
    refuse(fmt::format("{} choices", here.size()), fmt::to_string(there.size()));
  if (stage.size() != run.size())
    refuse(fmt::format("{} architectures", stage.size()), fmt::to_string(run.size()));
}

}  // namespace

Method MethodBuilder::build(const Component& optimizer, ConfigValue& resolved) {
  const auto stages = config_.stages.find(optimizer.label);
  if (stages == config_.stages.end()) {
    Stage only{
        .space = nullptr, .optimizer = builder_.keep<Optimizer>(optimizer, "optimizer"), .trainer = nullptr};
    resolved = only.optimizer->resolved();
    only.trainer = trainer_of(optimizer, resolved);
    adapt(only);
    Method method;
    method.budget = budget_of(only, trainer_key(optimizer));
    method.grows = !only.optimizer->first().reads_budget();
    method.stages.push_back(std::move(only));
    return method;
  }

  // The stages have every option, so that the entry around them needs none.
  resolved = resolve(optimizer, Config());
  const auto trainer = trainer_of(optimizer, resolved);
  ConfigValue list = ConfigValue::list();
  Method method;
  for (const StageConfig& each : stages->second) {
    try {
      method.stages.push_back(stage(each, trainer, list.items.emplace_back(ConfigValue::map())));
      const std::string own =
          fmt::format("optimizer.{}.stages.{}.trainer", optimizer.label, list.items.size() - 1);
      method.budget[fmt::format("stage {}", list.items.size())] =
          budget_of(method.stages.back(), each.trainer ? own : trainer_key(optimizer));
      if (stages->second.size() > 1)
        check_passes_on(method.stages.back().optimizer->first(), each.optimizer.options.where);
    } catch (...) {
      rethrow_named(std::current_exception(),
                    fmt::format("stage {} of {}", list.items.size(), optimizer.label));
    }
  }
  resolved.set("stages", std::move(list));
  return method;
}

std::string MethodBuilder::trainer_key(const Component& optimizer) const {
  return config_.own_trainers.contains(optimizer.label) ? fmt::format("optimizer.{}.trainer", optimizer.label)
                                                        : "trainer";
}

std::shared_ptr<Recipe<Trainer>> MethodBuilder::trainer_of(const Component& optimizer,
                                                           ConfigValue& resolved) {
  const auto own = config_.own_trainers.find(optimizer.label);
  if (own == config_.own_trainers.end()) return shared_trainer_;
  std::shared_ptr<Recipe<Trainer>> trainer = builder_.keep<Trainer>(own->second, "optimizer.trainer");
  resolved.set("trainer", trainer->resolved());
  return trainer;
}

Stage MethodBuilder::stage(const StageConfig& config, const std::shared_ptr<Recipe<Trainer>>& trainer,
                           ConfigValue& resolved) {
  Stage stage{.space = nullptr, .optimizer = nullptr, .trainer = trainer};
  if (config.search_space) stage.space = space(*config.search_space, resolved);
  stage.optimizer = builder_.keep<Optimizer>(config.optimizer, "optimizer");
  resolved.set("optimizer", stage.optimizer->resolved_options());
  if (config.trainer) {
    stage.trainer = builder_.keep<Trainer>(*config.trainer, "trainer");
    resolved.set("trainer", stage.trainer->resolved_options());
  }
  adapt(stage);
  return stage;
}

std::shared_ptr<const SearchSpace> MethodBuilder::space(const Component& component, ConfigValue& resolved) {
  const auto recipe =
      builder_.keep<SearchSpace>(component, "search_space", facts_for_space(builder_.run.dataset.get()));
  std::shared_ptr<const SearchSpace> space = recipe->make();
  resolved.set("search_space", recipe->resolved_options());
  check_same_choices(*builder_.run.space, *space, component.options.where);
  return space;
}

OrderedJson MethodBuilder::budget_of(const Stage& stage, const std::string& path) {
  const ConfigValue options = stage.trainer->resolved_options();
  const Trainer& trainer = stage.trainer->first();
  OrderedJson budget = OrderedJson::object();
  for (const std::string& name : trainer.growing_options()) {
    const ConfigValue* const value = options.find(name);
    const auto number = value == nullptr || value->quoted
                            ? OrderedJson()
                            : OrderedJson::parse(value->scalar, nullptr, /*allow_exceptions=*/false);
    if (!number.is_number())
      throw_plugin_mistake(trainer, fmt::format("the plugin's growing_options() names \"{}\"", name),
                           "options of the plugin that are numbers");
    budget[name] = number;
    std::vector<std::string>& keys = builder_.run.growing;
    const std::string key = fmt::format("{}.{}", path, name);
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  }
  return budget;
}

void MethodBuilder::adapt(const Stage& stage) {
  PreparedRun& run = builder_.run;
  Trainer& trainer = stage.trainer->first();
  stage.optimizer->first().adapt(run.problem(stage, run.first_seed, trainer.budget()));
  at_place(trainer, stage.trainer->component().options.where,
           [&] { trainer.check(stage.optimizer->first(), run.resources()); });
  run.uses_all_cores |= uses_all_cores(trainer);
}

}  // namespace espalier::host
