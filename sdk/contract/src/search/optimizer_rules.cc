#include <algorithm>
#include <future>
#include <optional>

#include "espalier/random/random.h"
#include "rules/option_rules.h"
#include "rules/rule_list.h"
#include "search/optimizer_state_rules.h"
#include "search/optimizer_under_test.h"

namespace espalier::contract {
namespace {

void adapts_to_every_space(const OptimizerUnderTest& tested) {
  for (const auto& space : tested.spaces()) {
    during(fmt::format("on the search space {} of {} architectures", space->name(), space->size()), [&] {
      Search search = tested.search(*space, 1);
      search.step();
      space->check(search->final_architecture());
    });
  }
}

void proposes_valid_architectures(const OptimizerUnderTest& tested) {
  for (const auto& space : tested.spaces()) {
    Search search = tested.search(*space, 2);
    for (std::uint64_t i = 0; i < tested.trials(*space); ++i) {
      const Architecture proposed = search.step();
      try {
        space->check(proposed);
      } catch (const Error& error) {
        throw Violation(fmt::format("proposal {} on the search space {} is {}: {}", i + 1, space->name(),
                                    shown(proposed), error.details().what));
      }
    }
  }
}

void returns_from_every_ask(const OptimizerUnderTest& tested) {
  for (const auto& space : {make_two(), make_constrained()}) {
    Search search = tested.search(*space, 3);
    for (int i = 0; i < tested.how.trials; ++i) {
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

/// Throws Violation unless two searches made the same proposals.
void expect_same(const std::vector<Architecture>& one, const std::vector<Architecture>& other,
                 const std::string& what) {
  const auto [first, second] = std::ranges::mismatch(one, other);
  if (first == one.end() && second == other.end()) return;
  throw Violation(fmt::format("{}: proposal {} is {} in one and {} in the other", what,
                              first - one.begin() + 1, shown(*first), shown(*second)));
}

void depends_on_the_seed_alone(const OptimizerUnderTest& tested) {
  for (const auto& space : {make_mixed(), make_huge()}) {
    const std::uint64_t trials = tested.trials(*space);
    Search first = tested.search(*space, 7);
    const auto proposals = first.run(trials);
    tested.search(*space, 8).run(trials);
    Search second = tested.search(*space, 7);
    expect_same(proposals, second.run(trials), "two searches with seed 7 on " + space->name());
    expect(first->save() == second->save(),
           "two searches with seed 7 make the same proposals and end in different states");
  }
}

void draws_from_its_seed(const OptimizerUnderTest& tested) {
  if (!tested.how.random)
    throw NotApplicable("the case says that the optimizer is not random (random = false)");
  const auto space = make_huge();
  const auto first = tested.search(*space, 0).run(tested.trials(*space));
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    if (tested.search(*space, seed).run(tested.trials(*space)) != first) return;
  throw Violation(fmt::format("seeds 0 to 3 give the same {} proposals", first.size()));
}

void searches_side_by_side(const OptimizerUnderTest& tested) {
  const auto space = make_huge();
  const std::uint64_t trials = tested.trials(*space);
  const auto alone = [&](std::uint64_t seed) { return tested.search(*space, seed).run(trials); };
  const auto one = alone(1);
  const auto two = alone(2);

  Search first = tested.search(*space, 1);
  Search second = tested.search(*space, 2);
  std::vector<Architecture> of_first;
  std::vector<Architecture> of_second;
  for (std::uint64_t i = 0; i < trials; ++i) {
    of_first.push_back(first.step());
    of_second.push_back(second.step());
  }
  expect_same(of_first, one, "a search that takes turns with another, and the same search alone");
  expect_same(of_second, two, "a search that takes turns with another, and the same search alone");

  // The other thread has its own space, because a space counts the calls of all its users.
  const auto other_space = make_huge();
  auto in_thread = std::async(std::launch::async, [&] { return tested.search(*other_space, 2).run(trials); });
  const auto here = alone(1);
  expect_same(in_thread.get(), two, "a search in a thread beside another, and the same search alone");
  expect_same(here, one, "a search in a thread beside another, and the same search alone");
}

void allows_pending_asks(const OptimizerUnderTest& tested) {
  const auto space = make_mixed();
  for (const std::size_t pending : {2U, 8U}) {
    during(fmt::format("with {} asks pending", pending), [&] {
      Search search = tested.search(*space, 4);
      search.run(tested.trials(*space, pending), pending);
      expect(search->pending().size() == pending - 1, "{} asks are pending, not {}", search->pending().size(),
             pending - 1);
    });
  }
}

void takes_tells_in_any_order(const OptimizerUnderTest& tested) {
  const auto space = make_mixed();
  constexpr std::size_t pending = 5;
  for (const bool newest_first : {true, false}) {
    during(newest_first ? "when the newest ask is told first" : "when asks are told in random order", [&] {
      Search search = tested.search(*space, 5);
      Rng rng(0, "contract/order");
      for (std::uint64_t i = 0; i < tested.trials(*space, pending); ++i) {
        while (search->pending().size() < pending) search.ask();
        const Trial told = search->pending()[newest_first ? pending - 1 : rng.below(pending)];
        search.tell(told);
      }
    });
  }
}

void keeps_the_best(const OptimizerUnderTest& tested) {
  const std::pair<const char*, Search::Objective> objectives[] = {
      {"percentages", objective},
      {"one value for all", [](const Architecture&) { return 50.0; }},
      {"negative values", [](const Architecture& architecture) { return -1.0 - objective(architecture); }}};
  const auto space = make_mixed();
  for (const auto& [what, value] : objectives) {
    Search search = tested.search(*space, 6);
    expect_refusal<Error>("final_architecture() before anything was told", "Error",
                          [&] { (void)search->final_architecture(); });
    std::optional<Architecture> best;
    for (std::uint64_t i = 0; i < tested.trials(*space); ++i) {
      const Trial told = search.ask();
      search.tell(told, value);
      if (!best || value(told.architecture) > value(*best)) best = told.architecture;
      const Architecture found = search->final_architecture();
      expect(found == *best,
             "with {}, the final architecture after {} trials is {} with the value {}, not {} with {}", what,
             i + 1, shown(found), value(found), shown(*best), value(*best));
    }
  }
}

}  // namespace

std::vector<Rule> optimizer_rules(const std::string& name, const OptimizerCase& how) {
  const auto tested = std::make_shared<const OptimizerUnderTest>(name, how);
  const auto use = [](std::unique_ptr<Plugin> plugin) {
    const auto space = make_mixed();
    auto optimizer = PluginUnderTest::as<DiscreteOptimizer>(std::move(plugin));
    Search search(std::move(optimizer), *space, 1);
    search.run(8);
    (void)search->save();
  };
  RuleList<OptimizerUnderTest> rules(tested, option_rules(tested->plugin, use));
  rules.add(
      {"AdaptsToEverySpace", "an optimizer searches any space, from two architectures to more than 2^64",
       "a search on another space ends with an error",
       "rely only on what every space has; index_of() and size() have limits"},
      adapts_to_every_space);
  rules.add(
      {"ProposesValidArchitectures", "every proposal passes the space's check()",
       "the search ends with an error at that proposal",
       "make proposals with sample(), mutate(), neighbours() or at(), or check() what you put together"},
      proposes_valid_architectures);
  rules.add({"ReturnsFromEveryAsk", "ask() returns even when every architecture has been proposed",
             "a search of more trials than the space has architectures hangs",
             "when no new architecture is left, propose a known one or a random one"},
            returns_from_every_ask);
  rules.add(
      {"DependsOnTheSeedAlone", "a search depends only on the space, the options, the seed and the outcomes",
       "a run cannot be repeated, and ends differently after a resume",
       "draw only from the Rng of ask_impl(), and iterate over nothing that is ordered by address"},
      depends_on_the_seed_alone);
  rules.add(
      {"DrawsFromItsSeed", "searches with different seeds differ",
       "the mean and deviation over seeds describe a single search",
       "draw from the Rng of ask_impl(), or set random = false in the case if there is nothing to draw"},
      draws_from_its_seed);
  rules.add({"SearchesSideBySide", "several searches in one process do not affect each other",
             "results depend on how many seeds run at once",
             "keep what a search knows in members, and nothing in static variables"},
            searches_side_by_side);
  rules.add({"AllowsPendingAsks", "ask() may be called again before the last architecture was told",
             "the trainer's option `asked_ahead` ends in an error",
             "propose from what is known so far, at random while nothing is known"},
            allows_pending_asks);
  rules.add({"TakesTellsInAnyOrder", "pending architectures may be told in any order",
             "trials that take different times end in an error",
             "find out in tell_impl() which architecture is told instead of expecting the oldest"},
            takes_tells_in_any_order);
  rules.add({"KeepsTheBest",
             "final_architecture() returns the best architecture told, the first of equals, and throws Error "
             "before any was told",
             "the run reports another architecture than its best",
             "do not override final_architecture_impl() of DiscreteOptimizer"},
            keeps_the_best);
  add_state_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
