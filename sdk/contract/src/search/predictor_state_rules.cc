#include "search/predictor_state_rules.h"

#include <nlohmann/json.hpp>

#include "rules/rewritten.h"

namespace espalier::contract {
namespace {

using nlohmann::json;

/// The state as it is read back from a checkpoint, which is CBOR.
json saved_state(const Predictor& predictor) { return rewritten(predictor.save()); }

void restores_its_state(const PredictorUnderTest& tested) {
  const auto space = make_additive_space();
  const std::vector<Architecture> asked = tested.labels(*space, "asked").architectures;
  const auto fitted = tested.fit(*space);
  const json state = saved_state(*fitted);
  const auto restored = tested.adapt(*space);
  during("given the state that it saved", [&] { restored->load(state); });
  expect(predictions(*restored, asked) == predictions(*fitted, asked),
         "after save() and load() its predictions differ");
  expect(restored->save() == state, "loaded, it saves a different state");
}

/// States in which the part at `key` is missing or of another type.
std::vector<std::pair<std::string, json>> damaged_states(const json& good, const std::string& key) {
  std::vector<std::pair<std::string, json>> damaged = {{"a state without \"" + key + "\"", good}};
  damaged.back().second["state"].erase(key);
  for (const json& other : {json(nullptr), json("text"), json(json::object())}) {
    if (other.type() == good.at("state").at(key).type()) continue;
    damaged.emplace_back(fmt::format("a state whose \"{}\" is {}", key, other.dump()), good);
    damaged.back().second["state"][key] = other;
  }
  return damaged;
}

/// A shorter list may be as good as the whole one. But when it is accepted, it must be usable.
void refuses_or_uses(const PredictorUnderTest& tested, const SearchSpace& space, const json& state,
                     const std::string& key) {
  const auto fresh = tested.adapt(space);
  try {
    fresh->load(state);
  } catch (const PluginFailure&) {
    throw;
  } catch (const Error&) {
    return;
  }
  during(fmt::format("given a state whose \"{}\" lacks its last element", key),
         [&] { (void)predictions(*fresh, tested.labels(space, "asked").architectures); });
}

void refuses_damaged_predictor_states(const PredictorUnderTest& tested) {
  const auto space = make_additive_space();
  const json good = saved_state(*tested.fit(*space));
  during("given the state that it saved", [&] { tested.adapt(*space)->load(good); });
  for (const auto& [key, value] : good.at("state").items()) {
    for (const auto& damaged : damaged_states(good, key))
      expect_refusal<Error>(damaged.first, "Error", [&] { tested.adapt(*space)->load(damaged.second); });
    if (!value.is_array() || value.empty()) continue;
    json shortened = good;
    shortened["state"][key].erase(value.size() - 1);
    refuses_or_uses(tested, *space, shortened, key);
  }
}

}  // namespace

void add_predictor_state_rules(RuleList<PredictorUnderTest>& rules) {
  rules.add({"RestoresItsState", "after save() and load() every prediction is the same to the last bit",
             "a search that was interrupted ends with other results than one that was not",
             "save_impl() must write all that predict_impl() depends on, and load_impl() must read it back"},
            restores_its_state);
  rules.add({"RefusesDamagedStates", "load() throws Error when a part of the state is missing or unusable",
             "a damaged checkpoint crashes the program, or the search continues from nonsense",
             "read with at() and get<>(), which throw, and compare the lengths of lists in load_impl()"},
            refuses_damaged_predictor_states);
}

}  // namespace espalier::contract
