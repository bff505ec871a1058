#include "espalier/search/discrete_optimizer.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/space/architecture_json.h"
#include "plugin/plugin_answer.h"

namespace espalier {
namespace {

bool is_finite(const Outcome& outcome) {
  return std::isfinite(outcome.value) && std::isfinite(outcome.seconds);
}

/// json converts numbers of any type into each other; a state holds exactly what was saved.
std::uint64_t count(const nlohmann::json& state, const char* key) {
  const nlohmann::json& value = state.at(key);
  if (!value.is_number_unsigned())
    throw Error({.what = std::string(key) + " is not a count: " + value.dump()});
  return value.get<std::uint64_t>();
}

Architecture architecture(const nlohmann::json& value, const SearchSpace& space) {
  auto result = value.get<Architecture>();
  space.check(result);
  return result;
}

}  // namespace

DiscreteOptimizer::~DiscreteOptimizer() = default;

Architecture DiscreteOptimizer::ask() {
  if (!adapted()) {
    throw Error({.what = "the optimizer \"" + name() + "\" was asked before it knows a search space",
                 .remedy = "call adapt() first"});
  }
  Rng rng(seed(), "optimizer", asked_);
  Architecture proposed = call_plugin(*this, "ask()", [&] { return ask_impl(rng); });
  check_answer(*this, "ask()", space(), proposed);
  pending_.push_back(std::move(proposed));
  ++asked_;
  return pending_.back();
}

void DiscreteOptimizer::tell(const Architecture& architecture, const Outcome& outcome) {
  const auto asked = std::find(pending_.begin(), pending_.end(), architecture);
  if (asked == pending_.end()) {
    throw Error({.what = "the optimizer \"" + name() + "\" was told of an architecture that is not pending",
                 .expected = "one that ask() returned and that has not been told yet"});
  }
  if (!is_finite(outcome)) {
    throw Error({.what = "an outcome is not finite: value " + std::to_string(outcome.value) + ", seconds " +
                         std::to_string(outcome.seconds),
                 .where = space().to_string(architecture),
                 .expected = "finite numbers"});
  }
  // From here on `architecture` is not used: it may be the pending one itself.
  const Architecture told = std::move(*asked);
  pending_.erase(asked);
  if (told_ == 0 || outcome.value > best_outcome_.value) {
    best_ = told;
    best_outcome_ = outcome;
  }
  ++told_;
  call_plugin(*this, "tell()", [&] { tell_impl(told, outcome); });
}

Architecture DiscreteOptimizer::final_architecture_impl() const {
  if (told_ == 0) {
    throw Error(
        {.what = "the optimizer \"" + name() + "\" has no final architecture: it was told of no outcome"});
  }
  return best_;
}

void DiscreteOptimizer::save_base(nlohmann::json& state) const {
  state["asked"] = asked_;
  state["told"] = told_;
  state["pending"] = pending_;
  if (told_ == 0) return;
  state["best"] = best_;
  state["best_outcome"] = best_outcome_;
}

void DiscreteOptimizer::load_base(const nlohmann::json& state) {
  const std::uint64_t asked = count(state, "asked");
  const std::uint64_t told = count(state, "told");
  std::vector<Architecture> pending;
  const nlohmann::json& saved_pending = state.at("pending");
  if (!saved_pending.is_array()) throw Error({.what = "pending is not a list"});
  for (const nlohmann::json& item : saved_pending) pending.push_back(architecture(item, space()));
  if (told > asked || asked - told != pending.size()) {
    throw Error({.what = "its counts do not agree: " + std::to_string(asked) + " asked, " +
                         std::to_string(told) + " told, " + std::to_string(pending.size()) + " pending"});
  }
  if (told > 0) {
    best_ = architecture(state.at("best"), space());
    best_outcome_ = state.at("best_outcome").get<Outcome>();
    if (!is_finite(best_outcome_)) throw Error({.what = "its best outcome is not finite"});
  }
  asked_ = asked;
  told_ = told;
  pending_ = std::move(pending);
}

}  // namespace espalier
