#include "espalier/search/optimizer.h"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/plugin/plugin_state.h"
#include "plugin/plugin_answer.h"
#include "search/load_state.h"

namespace espalier {
namespace {

void check_objectives(const std::string& optimizer, ObjectiveCount supported,
                      const std::vector<Metric>& objectives) {
  if (objectives.empty()) {
    throw Error({.what = "the search of the optimizer \"" + optimizer + "\" has no objective",
                 .expected = "one or more"});
  }
  if (supported == ObjectiveCount::any || objectives.size() == 1) return;
  throw UsageError({.what = "the optimizer \"" + optimizer + "\" searches for one objective, and there are " +
                            std::to_string(objectives.size()),
                    .expected = "an optimizer of several objectives, such as nsga2 or random_search",
                    .remedy = "choose another optimizer, or leave one objective and write the others under "
                              "constraints:"});
}

}  // namespace

Optimizer::~Optimizer() = default;

void Optimizer::adapt(const SearchProblem& problem) {
  if (adapted()) {
    throw Error({.what = "the optimizer \"" + name() + "\" has been adapted to a search space already",
                 .remedy = "create a new optimizer for each search"});
  }
  check_objectives(name(), objectives_, problem.objectives);
  problem_.emplace(problem);
  budget_ = std::exchange(problem_->budget, {});
  call_plugin(*this, "adapt()", [&] { adapt_impl(); });
  budget_.reset();
}

const Budget& Optimizer::budget() {
  if (!budget_)
    throw Error({.what = "the optimizer \"" + name() + "\" reads its budget outside of adapt_impl()",
                 .remedy = "read it in adapt_impl(), and keep what is needed later"});
  reads_budget_ = true;
  return *budget_;
}

Architecture Optimizer::final_architecture() const {
  Architecture found = call_plugin(*this, "final_architecture()", [&] { return final_architecture_impl(); });
  if (adapted()) check_answer(*this, "final_architecture()", space(), found);
  return found;
}

nlohmann::json Optimizer::save() const {
  nlohmann::json state = {{"optimizer", name()}};
  if (adapted()) {
    state["seed"] = seed();
    state["search_space"] = space().name();
  }
  save_base(state);
  nlohmann::json& own = state["state"] = nlohmann::json::object();
  call_plugin(*this, "save()", [&] { save_impl(own); });
  check_state(*this, "save()", own);
  return state;
}

void Optimizer::load(const nlohmann::json& state) {
  load_state(*this, "optimizer", "start the search over", [&] {
    if (!adapted()) throw Error({.what = "it has no search space yet", .remedy = "call adapt() first"});
    expect_equal(state, "optimizer", name());
    expect_equal(state, "search_space", space().name());
    expect_equal(state, "seed", seed());
    load_base(state);
    const nlohmann::json& own = state.at("state");
    load_own_state(*this, [&] { load_impl(own); });
  });
}

}  // namespace espalier
