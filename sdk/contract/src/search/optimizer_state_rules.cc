#include "search/optimizer_state_rules.h"

#include <vector>

#include "espalier/errors/errors.h"
#include "search/stage_rule.h"

namespace espalier::contract {
namespace {

using nlohmann::json;

/// Walks through a search; at each point, loads its state into another one and continues that to the end.
void resumes_with(const OptimizerUnderTest& tested, const SearchSpace& space, std::size_t pending) {
  const std::uint64_t trials = tested.trials(space, pending);
  Search whole = tested.search(space, 7);
  const std::vector<Architecture> told = whole.run(trials, pending);
  const json end = whole->save();

  Search walker = tested.search(space, 7);
  for (std::uint64_t done = 0; done < trials; ++done) {
    const std::string when = fmt::format("on {}, {} pending, saved and loaded after {} of {} trials",
                                         space.name(), pending, done, trials);
    during(when, [&] {
      Search resumed = tested.search(space, 7);
      const json state = walker->save();
      resumed->load(rewritten(state));
      expect(resumed->save() == state, "{}, it saves a different state:\n{}\nnot {}", when,
             resumed->save().dump(), state.dump());
      for (std::uint64_t i = done; i < trials; ++i) {
        const Architecture next = resumed.step(pending);
        expect(next == told[i], "{}, proposal {} is {}, and {} in the undisturbed search", when, i + 1,
               shown(next), shown(told[i]));
      }
      expect(resumed->save() == end, "{}, it ends in a different state:\n{}\nnot {}", when,
             resumed->save().dump(), end.dump());
    });
    walker.step(pending);
  }
}

void resumes_anywhere(const OptimizerUnderTest& tested) {
  for (const auto& space : {make_mixed(), make_huge()})
    for (const std::size_t pending : {1U, 4U}) resumes_with(tested, *space, pending);
}

/// Finds the places in `state` that may hold an architecture of `space`.
void find_architectures(const json& state, const json::json_pointer& at, const SearchSpace& space,
                        std::vector<json::json_pointer>& found) {
  if (!state.is_structured()) return;
  const bool numbers = state.is_array() && state.size() == space.choices().size() &&
                       std::ranges::all_of(state, [](const json& item) { return item.is_number_unsigned(); });
  if (numbers) found.push_back(at);
  for (const auto& item : state.items()) {
    if (state.is_object())
      find_architectures(item.value(), at / item.key(), space, found);
    else
      find_architectures(item.value(), at / static_cast<std::size_t>(std::stoul(item.key())), space, found);
  }
}

void refuses_damaged_states(const OptimizerUnderTest& tested) {
  const auto space = make_mixed();
  Search search = tested.search(*space, 9);
  search.run(std::min<std::uint64_t>(12, tested.trials(*space)));
  const json good = rewritten(search->save());
  const auto load = [&](const json& state) {
    Search fresh = tested.search(*space, 9);
    fresh->load(state);
    return fresh;
  };
  during("given the state that it saved", [&] { load(good); });

  for (const auto& [key, value] : good.at("state").items()) {
    json damaged = good;
    damaged["state"].erase(key);
    expect_refusal<Error>("a state without \"" + key + "\"", "Error", [&] { load(damaged); });
    for (const json& other : {json(nullptr), json("text"), json(json::object())}) {
      if (other.type() == value.type()) continue;
      damaged["state"][key] = other;
      expect_refusal<Error>(fmt::format("a state whose \"{}\" is {}", key, other.dump()), "Error",
                            [&] { load(damaged); });
    }
  }
  // What looks like an architecture may be something else, in which these numbers do no harm.
  std::vector<json::json_pointer> architectures;
  find_architectures(good.at("state"), json::json_pointer("/state"), *space, architectures);
  for (const json::json_pointer& at : architectures) {
    json damaged = good;
    damaged[at][0] = 60'000;
    const std::string what = "given a state with candidate 60000 at " + at.to_string();
    try {
      Search fresh = load(damaged);
      for (int i = 0; i < 8; ++i) space->check(fresh.ask().architecture);
    } catch (const CountedSpace::Endless&) {
      throw Violation(what + ", its next ask did not return");
    } catch (const Error& error) {
      if (error.details().what.find("cannot continue from this state") == std::string::npos)
        throw Violation(fmt::format("{}, it continued until: {}", what, error.details().what));
    }
  }
}

void passes_on(const OptimizerUnderTest& tested) {
  const auto space = make_mixed();
  check_stages([&](const json* passed) { return tested.search(*space, 7, passed); },
               [&](Search& search) { search.run(tested.trials(*space)); });
}

}  // namespace

void add_state_rules(RuleList<OptimizerUnderTest>& rules) {
  rules.add({"ResumesAnywhere", "a search that is saved and loaded at any point continues to the same end",
             "a run that was interrupted ends with other results than one that was not",
             "save_impl() must write all that ask_impl() and tell_impl() depend on, and load_impl() must "
             "read it back"},
            resumes_anywhere);
  rules.add({"RefusesDamagedStates", "load() throws Error when a part of the state is missing or unusable",
             "a damaged checkpoint crashes the program, or the search continues from nonsense",
             "read with at() and get<>(), which throw, and check() every architecture in load_impl()"},
            refuses_damaged_states);
  rules.add(kPassesOnWhatItSaves, passes_on);
}

}  // namespace espalier::contract
