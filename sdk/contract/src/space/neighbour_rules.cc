#include "space/neighbour_rules.h"

#include <algorithm>
#include <set>

namespace espalier::contract {
namespace {

std::size_t differences(const Architecture& a, const Architecture& b) {
  expect(a.size() == b.size(), "{} and {} differ in the number of choices", shown(a), shown(b));
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] == b[i] ? 0 : 1;
  return count;
}

/// Whether `found` lists an architecture that is `sought` at each choice that is active in `decided`. What a
/// change makes active may be set in any way.
bool contains(const SearchSpace& space, const std::vector<Architecture>& found, const Architecture& sought,
              const Architecture& decided) {
  return std::ranges::any_of(found, [&](const Architecture& other) {
    for (std::size_t i = 0; i < sought.size(); ++i)
      if (other[i] != sought[i] && space.is_active(i, decided)) return false;
    return true;
  });
}

void neighbours_are_valid(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  for (const Architecture& sample : tested.samples(*space)) {
    const auto neighbours = space->neighbours(sample);
    expect(!neighbours.empty() || space->size() <= 1.0, "{} has no neighbours", shown(sample));
    std::set<Architecture> seen = {sample};
    for (const Architecture& neighbour : neighbours) {
      during(fmt::format("checking {}, a neighbour of {}", shown(neighbour), shown(sample)),
             [&] { space->check(neighbour); });
      expect(seen.insert(neighbour).second,
             "{} is a neighbour of {} that is the same architecture or listed twice", shown(neighbour),
             shown(sample));
    }
  }
}

void neighbours_differ_in_one_decision(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  double combinations = 1.0;
  double changes = 0.0;
  for (const Choice& choice : space->choices()) {
    combinations *= static_cast<double>(choice.candidates.size());
    changes += static_cast<double>(choice.candidates.size() - 1);
  }
  if (space->size() != combinations)
    throw NotApplicable(
        "not every combination of candidates is an architecture, so one decision may change several choices");
  for (const Architecture& sample : tested.samples(*space)) {
    const auto neighbours = space->neighbours(sample);
    for (const Architecture& neighbour : neighbours)
      expect(differences(sample, neighbour) == 1, "{} and its neighbour {} differ in {} choices",
             shown(sample), shown(neighbour), differences(sample, neighbour));
    expect(static_cast<double>(neighbours.size()) == changes,
           "{} has {} neighbours, and {} changes of one choice are possible", shown(sample),
           neighbours.size(), changes);
  }
}

void neighbours_are_symmetric(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  // Only a few samples, because neighbours of neighbours are many.
  constexpr std::size_t kMost = 5;
  for (const Architecture& sample : SearchSpaceUnderTest::draw(*space, std::min(kMost, tested.how.samples))) {
    for (const Architecture& neighbour : space->neighbours(sample)) {
      const auto back = space->neighbours(neighbour);
      expect(contains(*space, back, sample, neighbour),
             "{} is a neighbour of {}, but not the other way around", shown(neighbour), shown(sample));
    }
  }
}

void mutants_are_neighbours(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  constexpr std::uint64_t kMutants = 10;
  for (const Architecture& sample : tested.samples(*space)) {
    const auto neighbours = space->neighbours(sample);
    std::set<Architecture> mutants;
    for (std::uint64_t i = 0; i < kMutants; ++i) {
      Rng rng(2, "contract/mutants", i);
      const Architecture mutant = space->mutate(sample, rng);
      // mutate() itself has refused a mutant that does not pass check().
      expect(tested.how.mutants_jump || contains(*space, neighbours, mutant, sample),
             "mutate() changed {} into {}, which is not a neighbour", shown(sample), shown(mutant));
      mutants.insert(mutant);
    }
    expect(mutants.size() > 1 || neighbours.size() == 1, "all {} mutants of {} are {}", kMutants,
           shown(sample), shown(*mutants.begin()));
  }
}

}  // namespace

void add_neighbour_rules(RuleList<SearchSpaceUnderTest>& rules) {
  rules.add(
      {"NeighboursAreValid", "neighbours() returns valid architectures other than the given one, each once",
       "a local search ends with an error, or tries one architecture again and again",
       "do not override neighbours_impl(), or leave out what check_impl() refuses"},
      neighbours_are_valid);
  rules.add({"NeighboursDifferInOneDecision",
             "if all combinations are architectures, neighbours() returns every change of one choice",
             "a local search stops because a better neighbour was left out",
             "do not override neighbours_impl(), or change one choice to every other candidate"},
            neighbours_differ_in_one_decision);
  rules.add({"NeighboursAreSymmetric",
             "if one architecture is a neighbour of another, the other is a neighbour of it, but for choices "
             "that only one of them has",
             "a local search cannot go back, and what it finds depends on where it began",
             "neighbours_impl() must allow a change and its reversal alike; without one, a change and its "
             "reversal must both survive canonical_impl()"},
            neighbours_are_symmetric);
  rules.add(
      {"MutantsAreNeighbours",
       "mutate() returns one of the neighbours at random, but for choices that the change makes active, "
       "or any architecture if the case declares mutants_jump",
       "evolution stands still or jumps, and published settings mean something else",
       "override mutate_impl() and neighbours_impl() together, or declare mutants_jump if mutate() is "
       "meant to change several choices at once"},
      mutants_are_neighbours);
}

}  // namespace espalier::contract
