#include "space/neighbour_rules.h"

#include <algorithm>
#include <set>

namespace espalier::contract {
namespace {

std::size_t differences(const Architecture& a, const Architecture& b) {
  expect(a.size() == b.size(), "{} and {} have not as many choices", shown(a), shown(b));
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] == b[i] ? 0 : 1;
  return count;
}

void neighbours_are_valid(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  for (const Architecture& sample : trial.samples(*space)) {
    const auto neighbours = space->neighbours(sample);
    expect(!neighbours.empty() || space->size() <= 1.0, "{} has no neighbours", shown(sample));
    std::set<Architecture> seen = {sample};
    for (const Architecture& neighbour : neighbours) {
      during(fmt::format("checking {}, a neighbour of {}", shown(neighbour), shown(sample)),
             [&] { space->check(neighbour); });
      expect(seen.insert(neighbour).second, "{}, a neighbour of {}, is itself or there twice",
             shown(neighbour), shown(sample));
    }
  }
}

void neighbours_differ_in_one_decision(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  double combinations = 1.0;
  double changes = 0.0;
  for (const Choice& choice : space->choices()) {
    combinations *= static_cast<double>(choice.candidates.size());
    changes += static_cast<double>(choice.candidates.size() - 1);
  }
  if (space->size() != combinations)
    throw NotApplicable(
        "not every combination of candidates is an architecture: one decision may change several");
  for (const Architecture& sample : trial.samples(*space)) {
    const auto neighbours = space->neighbours(sample);
    for (const Architecture& neighbour : neighbours)
      expect(differences(sample, neighbour) == 1, "{} and its neighbour {} differ in {} choices",
             shown(sample), shown(neighbour), differences(sample, neighbour));
    expect(static_cast<double>(neighbours.size()) == changes,
           "{} has {} neighbours, and {} changes are possible", shown(sample), neighbours.size(), changes);
  }
}

void neighbours_are_symmetric(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  // A few of them: the neighbours of neighbours are many.
  constexpr std::size_t kMost = 5;
  for (const Architecture& sample : SearchSpaceTrial::draw(*space, std::min(kMost, trial.how.samples))) {
    for (const Architecture& neighbour : space->neighbours(sample)) {
      const auto back = space->neighbours(neighbour);
      expect(std::ranges::find(back, sample) != back.end(),
             "{} is a neighbour of {}, but not the other way round", shown(neighbour), shown(sample));
    }
  }
}

void mutants_are_neighbours(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  constexpr std::uint64_t kMutants = 10;
  for (const Architecture& sample : trial.samples(*space)) {
    const auto neighbours = space->neighbours(sample);
    std::set<Architecture> mutants;
    for (std::uint64_t i = 0; i < kMutants; ++i) {
      Rng rng(2, "contract/mutants", i);
      const Architecture mutant = space->mutate(sample, rng);
      expect(std::ranges::find(neighbours, mutant) != neighbours.end(),
             "{} mutates into {}, which is no neighbour", shown(sample), shown(mutant));
      mutants.insert(mutant);
    }
    expect(mutants.size() > 1 || neighbours.size() == 1, "{} times {} mutated into {}", kMutants,
           shown(sample), shown(*mutants.begin()));
  }
}

}  // namespace

void add_neighbour_rules(RuleList<SearchSpaceTrial>& rules) {
  rules.add({"NeighboursAreValid", "neighbours() gives other valid architectures, each once",
             "a local search ends with an error, or evaluates an architecture again and again",
             "override neighbours_impl() where check_impl() forbids combinations"},
            neighbours_are_valid);
  rules.add({"NeighboursDifferInOneDecision",
             "where all combinations are architectures, neighbours() gives each change of one choice",
             "a local search stops where a better neighbour was left out",
             "leave neighbours_impl() as it is, or change one choice to every other candidate"},
            neighbours_differ_in_one_decision);
  rules.add({"NeighboursAreSymmetric", "what is a neighbour of an architecture has it as a neighbour",
             "a local search cannot go back, and what it finds depends on where it began",
             "count a change and its undoing alike in neighbours_impl()"},
            neighbours_are_symmetric);
  rules.add({"MutantsAreNeighbours", "mutate() gives one of the neighbours, by chance",
             "an evolution stands still or jumps, and its published settings mean something else",
             "override mutate_impl() and neighbours_impl() together"},
            mutants_are_neighbours);
}

}  // namespace espalier::contract
