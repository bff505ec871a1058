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

bool is_finite(const Evaluation& evaluation) {
  return std::isfinite(evaluation.value) && std::isfinite(evaluation.seconds);
}

/// json converts numbers of any type into each other; a state holds exactly what was saved.
std::uint64_t count(const nlohmann::json& state, const char* key) {
  const nlohmann::json& value = state.at(key);
  if (!value.is_number_unsigned()) throw Error({.what = std::string(key) + " is no count: " + value.dump()});
  return value.get<std::uint64_t>();
}

void expect_equal(const nlohmann::json& state, const char* key, const nlohmann::json& expected) {
  const nlohmann::json& found = state.at(key);
  if (found == expected) return;
  throw Error(
      {.what = "it is of another " + std::string(key) + ": " + found.dump(), .expected = expected.dump()});
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
  Architecture proposed = call_plugin(*this, "ask()", [&] { return propose(rng); });
  check_answer(*this, "ask()", space(), proposed);
  pending_.push_back(std::move(proposed));
  ++asked_;
  return pending_.back();
}

void DiscreteOptimizer::tell(const Architecture& architecture, const Evaluation& evaluation) {
  const auto asked = std::find(pending_.begin(), pending_.end(), architecture);
  if (asked == pending_.end()) {
    throw Error({.what = "the optimizer \"" + name() + "\" was told of an architecture that is not pending",
                 .expected = "one that ask() returned and that has not been told yet"});
  }
  if (!is_finite(evaluation)) {
    throw Error({.what = "an evaluation is not finite: value " + std::to_string(evaluation.value) +
                         ", seconds " + std::to_string(evaluation.seconds),
                 .where = space().to_string(architecture),
                 .expected = "finite numbers"});
  }
  // From here on `architecture` is not used: it may be the pending one itself.
  const Architecture told = std::move(*asked);
  pending_.erase(asked);
  if (told_ == 0 || evaluation.value > best_evaluation_.value) {
    best_ = told;
    best_evaluation_ = evaluation;
  }
  ++told_;
  call_plugin(*this, "tell()", [&] { observe(told, evaluation); });
}

Architecture DiscreteOptimizer::do_final_architecture() const {
  if (told_ == 0) {
    throw Error(
        {.what = "the optimizer \"" + name() + "\" has no final architecture: it was told of no evaluation"});
  }
  return best_;
}

nlohmann::json DiscreteOptimizer::do_save() const {
  nlohmann::json state = {
      {"optimizer", name()}, {"seed", seed()}, {"asked", asked_}, {"told", told_}, {"pending", pending_}};
  if (adapted()) state["search_space"] = space().name();
  if (told_ > 0) {
    state["best"] = best_;
    state["best_evaluation"] = best_evaluation_;
  }
  state["state"] = nlohmann::json::object();
  save_state(state["state"]);
  return state;
}

void DiscreteOptimizer::do_load(const nlohmann::json& state) try {
  if (!adapted()) throw Error({.what = "it has no search space yet", .remedy = "call adapt() first"});
  expect_equal(state, "optimizer", name());
  expect_equal(state, "search_space", space().name());
  expect_equal(state, "seed", seed());

  const std::uint64_t asked = count(state, "asked");
  const std::uint64_t told = count(state, "told");
  std::vector<Architecture> pending;
  const nlohmann::json& saved_pending = state.at("pending");
  if (!saved_pending.is_array()) throw Error({.what = "pending is no list"});
  for (const nlohmann::json& item : saved_pending) pending.push_back(architecture(item, space()));
  if (told > asked || asked - told != pending.size()) {
    throw Error({.what = "its counts do not agree: " + std::to_string(asked) + " asked, " +
                         std::to_string(told) + " told, " + std::to_string(pending.size()) + " pending"});
  }
  Architecture best;
  Evaluation best_evaluation;
  if (told > 0) {
    best = architecture(state.at("best"), space());
    best_evaluation = state.at("best_evaluation").get<Evaluation>();
    if (!is_finite(best_evaluation)) throw Error({.what = "its best evaluation is not finite"});
  }
  load_state(state.at("state"));

  asked_ = asked;
  told_ = told;
  pending_ = std::move(pending);
  best_ = std::move(best);
  best_evaluation_ = best_evaluation;
} catch (const nlohmann::json::exception& error) {
  throw Error({.what = "the optimizer \"" + name() + "\" cannot go on from this state: " + error.what(),
               .remedy = "start the search anew"});
} catch (const Error& error) {
  throw Error(
      {.what = "the optimizer \"" + name() + "\" cannot go on from this state: " + error.details().what,
       .where = error.details().where,
       .expected = error.details().expected,
       .remedy = error.details().remedy.empty() ? "start the search anew" : error.details().remedy});
}

}  // namespace espalier
