#include "espalier/search/discrete_optimizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/pareto.h"
#include "plugin/plugin_answer.h"

namespace espalier {
namespace {

bool is_finite(const Outcome& outcome) {
  return std::isfinite(outcome.seconds) &&
         std::ranges::all_of(outcome.values, [](double value) { return std::isfinite(value); });
}

}  // namespace

DiscreteOptimizer::~DiscreteOptimizer() = default;

Trial DiscreteOptimizer::ask() {
  if (!adapted()) {
    throw Error({.what = "the optimizer \"" + name() + "\" was asked before it knows a search space",
                 .remedy = "call adapt() first"});
  }
  static constexpr RngStream kStream("optimizer");
  for (int draw = 0; draw < kDraws; ++draw) {
    Rng rng(seed(), kStream, asked_ + refused_);
    Proposal proposed = call_plugin(*this, "ask()", [&] { return ask_impl(rng); });
    if (!space().is_valid(proposed.architecture)) make_canonical(proposed.architecture);
    if (allowed(proposed.architecture)) {
      const Fidelity fidelity = checked_fidelity(proposed.fidelity);
      Trial& trial = pending_.emplace_back();
      trial.id = ++asked_;
      trial.architecture = std::move(proposed.architecture);
      trial.fidelity = fidelity;
      trial.seed = seed();
      return trial;
    }
    ++refused_;
    call_plugin(*this, "refused()", [&] { refused_impl(proposed.architecture); });
  }
  refuse_all();
}

/// A combination of architectures may have inactive choices that are set.
void DiscreteOptimizer::make_canonical(Architecture& proposed) const {
  Architecture form = proposed;
  try {
    form = space().canonical(proposed);
  } catch (const UsageError&) {  // the check says what is wrong
  }
  check_answer(*this, "ask()", space(), form);
  proposed = std::move(form);
}

void DiscreteOptimizer::refuse_all() const {
  const std::string bounds = problem().refusals ? problem().refusals() : "";
  throw Error(
      {.what = fmt::format("the constraints refused {} proposals of the optimizer \"{}\" in a row{}{}",
                           kDraws, name(), bounds.empty() ? "" : ": ", bounds),
       .remedy = "loosen the constraints: perhaps no architecture of the space keeps all of them and "
                 "has a value of each objective"});
}

Fidelity DiscreteOptimizer::checked_fidelity(Fidelity proposed) const {
  const std::vector<Fidelity>& offered = problem().fidelities;
  if (proposed == Proposal::kFull) return offered.empty() ? 0 : offered.back();
  if (std::ranges::find(offered, proposed) != offered.end()) return proposed;
  throw_plugin_mistake(*this, fmt::format("the plugin's ask() gave a trial of {} epochs", proposed),
                       offered.empty() ? "no fidelity: the objectives depend on no epochs"
                                       : fmt::format("one of {}", fmt::join(offered, ", ")));
}

void DiscreteOptimizer::tell(const Trial& trial, const Outcome& outcome) {
  const auto asked = std::ranges::find(pending_, trial.id, &Trial::id);
  if (asked == pending_.end() || asked->architecture != trial.architecture ||
      asked->fidelity != trial.fidelity) {
    throw Error({.what = "the optimizer \"" + name() + "\" was told of a trial that is not pending",
                 .expected = "one that ask() returned and that has not been told yet"});
  }
  check(trial, outcome);
  // From here on `trial` is not used: it may be the pending one itself.
  const Trial told = std::move(*asked);
  pending_.erase(asked);
  keep(told, outcome);
  ++told_;
  call_plugin(*this, "tell()", [&] { tell_impl(told, outcome); });
}

void DiscreteOptimizer::check(const Trial& trial, const Outcome& outcome) const {
  const std::size_t objectives = problem().objectives.size();
  if (outcome.values.size() == objectives && is_finite(outcome)) return;
  throw Error({.what = fmt::format("an outcome is not usable: values [{}], seconds {}",
                                   fmt::join(outcome.values, ", "), outcome.seconds),
               .where = space().to_string(trial.architecture),
               .expected = fmt::format("finite numbers, and {} values", objectives)});
}

void DiscreteOptimizer::keep(const Trial& trial, const Outcome& outcome) {
  const bool higher = told_ == 0 || trial.fidelity > best_.trial.fidelity;
  if (!higher && trial.fidelity < best_.trial.fidelity) return;
  if (higher || outcome.value() > best_.outcome.value()) best_ = {.trial = trial, .outcome = outcome};
  if (outcome.values.size() > 1) keep_front(trial, outcome, higher);
}

void DiscreteOptimizer::keep_front(const Trial& trial, const Outcome& outcome, bool higher_fidelity) {
  const auto covers = [](const Outcome& a, const Outcome& b) {
    return a.values == b.values || dominates(a, b);
  };
  if (higher_fidelity) front_.clear();
  if (std::ranges::any_of(front_, [&](const ToldTrial& other) { return covers(other.outcome, outcome); }))
    return;
  std::erase_if(front_, [&](const ToldTrial& other) { return covers(outcome, other.outcome); });
  front_.push_back({.trial = trial, .outcome = outcome});
}

const ToldTrial& DiscreteOptimizer::best() const {
  if (told_ > 0) return best_;
  throw Error(
      {.what = "the optimizer \"" + name() + "\" has no final architecture: it was told of no outcome"});
}

Architecture DiscreteOptimizer::final_architecture_impl() const { return best().trial.architecture; }

}  // namespace espalier
