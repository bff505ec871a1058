#include <algorithm>
#include <future>
#include <optional>

#include "espalier/random/random.h"
#include "rules/option_rules.h"
#include "rules/rule_list.h"
#include "search/optimizer_case.h"
#include "search/optimizer_state_rules.h"

namespace espalier::contract {
namespace {

void adapts_to_every_space(const OptimizerTrial& trial) {
  for (const auto& space : trial.spaces()) {
    during(fmt::format("on the search space {} of {} architectures", space->name(), space->size()), [&] {
      Search search = trial.search(*space, 1);
      search.step();
      space->check(search->final_architecture());
    });
  }
}

void proposes_valid_architectures(const OptimizerTrial& trial) {
  for (const auto& space : trial.spaces()) {
    Search search = trial.search(*space, 2);
    for (std::uint64_t i = 0; i < trial.trials(*space); ++i) {
      const Architecture proposed = search.step();
      try {
        space->check(proposed);
      } catch (const Error& error) {
        throw Violation(fmt::format("its proposal {} on the search space {} is {}: {}", i + 1, space->name(),
                                    shown(proposed), error.details().what));
      }
    }
  }
}

void returns_from_every_ask(const OptimizerTrial& trial) {
  for (const auto& space : {make_two(), make_constrained()}) {
    Search search = trial.search(*space, 3);
    for (int i = 0; i < trial.how.trials; ++i) {
      try {
        search.step();
      } catch (const CountedSpace::Endless&) {
        throw Violation(fmt::format(
            "ask {} on the search space {} of {} architectures asked the space 100,000 times and did "
            "not return",
            i + 1, space->name(), space->size()));
      } catch (const std::exception& error) {
        throw Violation(fmt::format("ask {} on the search space {} of {} architectures threw: {}", i + 1,
                                    space->name(), space->size(), error.what()));
      }
    }
  }
}

/// Two searches that ought to be one.
void expect_same(const std::vector<Architecture>& one, const std::vector<Architecture>& other,
                 const std::string& what) {
  const auto [first, second] = std::ranges::mismatch(one, other);
  if (first == one.end() && second == other.end()) return;
  throw Violation(fmt::format("{}: proposal {} is {} in one and {} in the other", what,
                              first - one.begin() + 1, shown(*first), shown(*second)));
}

void depends_on_the_seed_alone(const OptimizerTrial& trial) {
  for (const auto& space : {make_mixed(), make_huge()}) {
    const std::uint64_t trials = trial.trials(*space);
    Search first = trial.search(*space, 7);
    const auto proposals = first.run(trials);
    trial.search(*space, 8).run(trials);
    Search second = trial.search(*space, 7);
    expect_same(proposals, second.run(trials), "two searches with seed 7 on " + space->name());
    expect(first->save() == second->save(),
           "two searches with seed 7 proposed the same and end in other states");
  }
}

void draws_from_its_seed(const OptimizerTrial& trial) {
  if (!trial.how.random)
    throw NotApplicable("the case says that the optimizer draws nothing (random = false)");
  const auto space = make_huge();
  const auto first = trial.search(*space, 0).run(trial.trials(*space));
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    if (trial.search(*space, seed).run(trial.trials(*space)) != first) return;
  throw Violation(fmt::format("seeds 0 to 3 give the same {} proposals", first.size()));
}

void searches_side_by_side(const OptimizerTrial& trial) {
  const auto space = make_huge();
  const std::uint64_t trials = trial.trials(*space);
  const auto alone = [&](std::uint64_t seed) { return trial.search(*space, seed).run(trials); };
  const auto one = alone(1);
  const auto two = alone(2);

  Search first = trial.search(*space, 1);
  Search second = trial.search(*space, 2);
  std::vector<Architecture> of_first;
  std::vector<Architecture> of_second;
  for (std::uint64_t i = 0; i < trials; ++i) {
    of_first.push_back(first.step());
    of_second.push_back(second.step());
  }
  expect_same(of_first, one, "a search in turn with another one, and alone");
  expect_same(of_second, two, "a search in turn with another one, and alone");

  // A space of its own for the other thread: what is counted is counted for each.
  const auto other_space = make_huge();
  auto in_thread = std::async(std::launch::async, [&] { return trial.search(*other_space, 2).run(trials); });
  const auto here = alone(1);
  expect_same(in_thread.get(), two, "a search in a thread beside another one, and alone");
  expect_same(here, one, "a search in a thread beside another one, and alone");
}

void allows_pending_asks(const OptimizerTrial& trial) {
  const auto space = make_mixed();
  for (const std::size_t pending : {2U, 8U}) {
    during(fmt::format("with {} asks pending", pending), [&] {
      Search search = trial.search(*space, 4);
      search.run(trial.trials(*space, pending), pending);
      expect(search->pending().size() == pending - 1, "{} asks are pending, not {}", search->pending().size(),
             pending - 1);
    });
  }
}

void takes_tells_in_any_order(const OptimizerTrial& trial) {
  const auto space = make_mixed();
  constexpr std::size_t pending = 5;
  for (const bool newest_first : {true, false}) {
    during(newest_first ? "told of the newest ask first" : "told in random order", [&] {
      Search search = trial.search(*space, 5);
      Rng rng(0, "contract/order");
      for (std::uint64_t i = 0; i < trial.trials(*space, pending); ++i) {
        while (search->pending().size() < pending) search.ask();
        const Architecture told = search->pending()[newest_first ? pending - 1 : rng.below(pending)];
        search.tell(told);
      }
    });
  }
}

void keeps_the_best(const OptimizerTrial& trial) {
  const std::pair<const char*, Search::Objective> objectives[] = {
      {"percentages", objective},
      {"one value for all", [](const Architecture&) { return 50.0; }},
      {"negative values", [](const Architecture& architecture) { return -1.0 - objective(architecture); }}};
  const auto space = make_mixed();
  for (const auto& [what, value] : objectives) {
    Search search = trial.search(*space, 6);
    expect_refusal<Error>("final_architecture() before anything was told", "Error",
                          [&] { (void)search->final_architecture(); });
    std::optional<Architecture> best;
    for (std::uint64_t i = 0; i < trial.trials(*space); ++i) {
      const Architecture told = search.ask();
      search.tell(told, value);
      if (!best || value(told) > value(*best)) best = told;
      const Architecture found = search->final_architecture();
      expect(found == *best,
             "told of {}, the final architecture after {} trials is {} of value {}, not {} of {}", what,
             i + 1, shown(found), value(found), shown(*best), value(*best));
    }
  }
}

}  // namespace

std::vector<Rule> optimizer_rules(const std::string& name, const OptimizerCase& tested) {
  const auto trial = std::make_shared<const OptimizerTrial>(name, tested);
  const auto use = [](std::unique_ptr<Plugin> plugin) {
    const auto space = make_mixed();
    auto optimizer = Tested::as<DiscreteOptimizer>(std::move(plugin));
    Search search(std::move(optimizer), *space, 1);
    search.run(8);
    (void)search->save();
  };
  RuleList<OptimizerTrial> rules(trial, option_rules(trial->tested, use));
  rules.add(
      {"AdaptsToEverySpace", "an optimizer searches any space, from two architectures to more than 2^64",
       "a search on another space ends with an error",
       "use nothing of a space but what every space has; index_of() and size() have limits"},
      adapts_to_every_space);
  rules.add(
      {"ProposesValidArchitectures", "every proposal passes the space's check()",
       "the benchmark refuses the architecture, and the search ends there",
       "make proposals with sample(), mutate(), neighbours() or at(), or check() what was put together"},
      proposes_valid_architectures);
  rules.add({"ReturnsFromEveryAsk", "ask() returns, also once every architecture was proposed",
             "a search of more trials than the space has architectures hangs",
             "propose an architecture again, or anything at random, where no new one is left"},
            returns_from_every_ask);
  rules.add({"DependsOnTheSeedAlone", "a search is a function of space, options, seed and trials",
             "a run cannot be repeated, and ends differently after a resume",
             "draw from the Rng of ask_impl() alone; iterate over nothing that is ordered by address"},
            depends_on_the_seed_alone);
  rules.add({"DrawsFromItsSeed", "searches of different seeds differ",
             "the mean and deviation over seeds are those of one search",
             "draw from the Rng of ask_impl(), or say random = false where there is nothing to draw"},
            draws_from_its_seed);
  rules.add(
      {"SearchesSideBySide", "several searches run in one process without touching each other",
       "results depend on how many seeds run at once", "keep what a search knows in members; nothing static"},
      searches_side_by_side);
  rules.add({"AllowsPendingAsks", "ask() may be called again before the last architecture was told",
             "the trainer's option `pending`, and with it parallel evaluation, ends in an error",
             "propose from what is known so far, at random where that is nothing"},
            allows_pending_asks);
  rules.add({"TakesTellsInAnyOrder", "pending architectures are told in any order",
             "trials that take different times end in an error",
             "look up in tell_impl() which architecture it is, instead of expecting the oldest"},
            takes_tells_in_any_order);
  rules.add({"KeepsTheBest",
             "final_architecture() is the best that was told, the first of equals, and an Error before",
             "the run reports another architecture than its best",
             "leave final_architecture() as DiscreteOptimizer has it"},
            keeps_the_best);
  add_state_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
