#include <algorithm>
#include <string>

#include "espalier/errors/errors.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/search/trial_json.h"

// What DiscreteOptimizer saves into a checkpoint, and reads back.
namespace espalier {
namespace {

/// json converts numbers of any type into each other; a state holds exactly what was saved.
std::uint64_t count(const nlohmann::json& state, const char* key) {
  const nlohmann::json& value = state.at(key);
  if (!value.is_number_unsigned())
    throw Error({.what = std::string(key) + " is not a count: " + value.dump()});
  return value.get<std::uint64_t>();
}

const nlohmann::json& list(const nlohmann::json& state, const char* key) {
  const nlohmann::json& value = state.at(key);
  if (!value.is_array()) throw Error({.what = std::string(key) + " is not a list"});
  return value;
}

Trial trial(const nlohmann::json& value, const SearchProblem& problem) {
  auto result = value.get<Trial>();
  problem.space.check(result.architecture);
  const auto& offered = problem.fidelities;
  const bool known =
      offered.empty() ? result.fidelity == 0 : std::ranges::find(offered, result.fidelity) != offered.end();
  if (!known) throw Error({.what = "no such fidelity: " + std::to_string(result.fidelity)});
  result.seed = problem.seed;
  return result;
}

nlohmann::json to_json(const ToldTrial& told) { return {{"trial", told.trial}, {"outcome", told.outcome}}; }

ToldTrial told_trial(const nlohmann::json& value, const SearchProblem& problem) {
  ToldTrial told{.trial = trial(value.at("trial"), problem), .outcome = value.at("outcome").get<Outcome>()};
  if (told.outcome.values.size() != problem.objectives.size())
    throw Error({.what = "an outcome has another number of values than there are objectives"});
  return told;
}

}  // namespace

void DiscreteOptimizer::save_base(nlohmann::json& state) const {
  state["asked"] = asked_;
  state["told"] = told_;
  state["refused"] = refused_;
  state["pending"] = pending_;
  if (told_ == 0) return;
  state["best"] = to_json(best_);
  nlohmann::json& front = state["front"] = nlohmann::json::array();
  for (const ToldTrial& each : front_) front.push_back(to_json(each));
}

void DiscreteOptimizer::load_base(const nlohmann::json& state) {
  const std::uint64_t asked = count(state, "asked");
  const std::uint64_t told = count(state, "told");
  std::vector<Trial> pending;
  for (const nlohmann::json& item : list(state, "pending")) pending.push_back(trial(item, problem()));
  if (told > asked || asked - told != pending.size()) {
    throw Error({.what = "its counts do not agree: " + std::to_string(asked) + " asked, " +
                         std::to_string(told) + " told, " + std::to_string(pending.size()) + " pending"});
  }
  refused_ = count(state, "refused");
  if (told > 0) {
    best_ = told_trial(state.at("best"), problem());
    front_.clear();
    for (const nlohmann::json& item : list(state, "front")) front_.push_back(told_trial(item, problem()));
  }
  asked_ = asked;
  told_ = told;
  pending_ = std::move(pending);
}

}  // namespace espalier
