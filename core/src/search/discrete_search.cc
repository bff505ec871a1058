#include "espalier/search/discrete_search.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/search/interrupted.h"
#include "espalier/search/objective_function.h"
#include "espalier/search/report.h"
#include "espalier/search/trial_json.h"

namespace espalier {

using nlohmann::json;

void DiscreteSearch::check(const Trainer& trainer, const Optimizer& optimizer, const Resources& resources) {
  if (dynamic_cast<const DiscreteOptimizer*>(&optimizer) == nullptr) {
    throw UsageError({.what = "the trainer \"" + trainer.name() + "\" cannot drive the optimizer \"" +
                              optimizer.name() + "\"",
                      .expected = "an optimizer that asks for one trial after another",
                      .remedy =
                          "write trainer: one_shot for an optimizer that trains a supernet, or name another "
                          "optimizer, such as random_search"});
  }
  if (resources.objective == nullptr) {
    throw UsageError({.what = "the trainer \"" + trainer.name() + "\" needs a benchmark",
                      .expected = "a benchmark that knows the search space",
                      .remedy = "add one, e.g. benchmark: {name: nasbench201, dataset: cifar10}"});
  }
}

DiscreteSearch::DiscreteSearch(Optimizer& optimizer, const Resources& resources, Journal& journal)
    : optimizer_(dynamic_cast<DiscreteOptimizer&>(optimizer)),
      objective_(*resources.objective),
      report_(resources.report),
      journal_(journal) {
  if (const auto state = journal.restore()) restore(*state);
}

void DiscreteSearch::step(std::uint64_t total, std::size_t pending) {
  while (optimizer_.pending().size() < pending && optimizer_.asked() < total) optimizer_.ask();
  if (optimizer_.asked() >= total)
    keep_for_growth();  // from here on fewer are pending than in a longer search
  const Trial trial = optimizer_.pending().front();
  const Outcome outcome = outcome_of(trial);
  optimizer_.tell(trial, outcome);
  seconds_ += outcome.seconds;
  const ToldTrial& best = optimizer_.best();
  if (best.trial.id == trial.id) {
    best_at_ = trials();
    best_report_ = report_of(trial.architecture);
  }
  journal_.event(TrialEvent{.trial = trial.id,
                            .architecture = optimizer_.space().to_string(trial.architecture),
                            .fidelity = trial.fidelity,
                            .values = objective_.in_units(outcome),
                            .seconds = outcome.seconds,
                            .best = objective_.in_units(best.outcome).front(),
                            .best_report = best_report_});
  journal_.progress(trials(), total);
  const bool stop = journal_.stop_requested();
  if (stop || journal_.checkpoint_due()) journal_.checkpoint(state());
  if (stop) throw Interrupted::after_checkpoint();
}

Outcome DiscreteSearch::outcome_of(const Trial& trial) {
  if (!objective_.continues_trials()) return objective_.outcome(trial, 0);
  Fidelity& reached = reached_[trial.architecture];
  Outcome outcome = objective_.outcome(trial, reached);
  reached = std::max(reached, trial.fidelity);
  return outcome;
}

std::optional<double> DiscreteSearch::report_of(const Architecture& architecture) const {
  return report_ == nullptr ? std::nullopt : report_->value(architecture);
}

void DiscreteSearch::keep_for_growth() {
  if (kept_for_growth_ || optimizer_.reads_budget()) return;
  journal_.keep_for_growth(state());
  kept_for_growth_ = true;  // the state does not say so: a longer search keeps another at its own end
}

SearchResult DiscreteSearch::result() {
  keep_for_growth();
  const ToldTrial& best = optimizer_.best();
  const Architecture found = optimizer_.final_architecture();
  // An optimizer may end on another architecture than its best trial's.
  const bool is_best = found == best.trial.architecture;
  SearchResult result{
      .architecture = found,
      .fidelity = best.trial.fidelity,
      .values = objective_.in_units(is_best ? best.outcome : objective_.outcome(found, best.trial.fidelity)),
      .report = is_best ? best_report_ : report_of(found),
      .trials = trials(),
      .refused = optimizer_.refused(),
      .seconds = seconds_};
  for (const ToldTrial& told : optimizer_.front())
    result.front.push_back({.architecture = told.trial.architecture,
                            .values = objective_.in_units(told.outcome),
                            .report = report_of(told.trial.architecture)});
  return result;
}

json DiscreteSearch::state() const {
  json state = {{"optimizer", optimizer_.save()},
                {"seconds", seconds_},
                {"best_at", best_at_},
                {"kept_for_growth", kept_for_growth_}};
  if (best_report_) state["best_report"] = *best_report_;
  if (!reached_.empty()) {
    const std::map<Architecture, Fidelity> sorted(reached_.begin(), reached_.end());
    state["reached"] = std::vector<std::pair<Architecture, Fidelity>>(sorted.begin(), sorted.end());
  }
  return state;
}

void DiscreteSearch::restore(const json& state) try {
  optimizer_.load(state.at("optimizer"));
  seconds_ = state.at("seconds").get<double>();
  best_at_ = state.at("best_at").get<std::uint64_t>();
  kept_for_growth_ = state.at("kept_for_growth").get<bool>();
  if (best_at_ > trials())
    throw Error({.what = "the checkpoint is damaged: its best trial is still to come"});
  if (state.contains("best_report")) best_report_ = state.at("best_report").get<double>();
  if (!state.contains("reached")) return;
  for (const auto& [architecture, fidelity] :
       state.at("reached").get<std::vector<std::pair<Architecture, Fidelity>>>()) {
    objective_.space().check(architecture);
    reached_[architecture] = fidelity;
  }
} catch (const json::exception& error) {
  throw Error({.what = std::string("the checkpoint is damaged: ") + error.what()});
}

}  // namespace espalier
