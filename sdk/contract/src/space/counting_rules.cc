#include "space/counting_rules.h"

#include <algorithm>
#include <cmath>

namespace espalier::contract {
namespace {

/// A chi-square test over the index of each sample modulo a prime: so many buckets hold any space, and each
/// has its share of the architectures.
void samples_are_uniform(const SearchSpaceUnderTest& tested) {
  constexpr std::uint64_t kBuckets = 61;
  constexpr double kPerBucket = 50.0;
  const auto space = tested.make();
  try {
    (void)space->index_of(tested.samples(*space).front());
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    throw NotApplicable(error.details().what);
  }
  expect(space->size() >= 1.0, "size() is {}", space->size());
  const auto size = static_cast<std::uint64_t>(space->size());
  const std::uint64_t buckets = std::min(kBuckets, size);
  const double draws = kPerBucket * static_cast<double>(buckets);
  std::vector<double> counts(buckets, 0.0);
  Rng rng(1, "contract/uniform");
  for (int i = 0; i < static_cast<int>(draws); ++i)
    counts[space->index_of(space->sample(rng)) % buckets] += 1.0;
  double chi_square = 0.0;
  for (std::uint64_t bucket = 0; bucket < buckets; ++bucket) {
    const std::uint64_t architectures = size / buckets + (bucket < size % buckets ? 1 : 0);
    const double expected = draws * static_cast<double>(architectures) / static_cast<double>(size);
    chi_square += (counts[bucket] - expected) * (counts[bucket] - expected) / expected;
  }
  // Six standard deviations above the mean of the statistic.
  const double freedom = static_cast<double>(buckets - 1);
  const double limit = freedom + 6.0 * std::sqrt(2.0 * freedom) + 6.0;
  expect(chi_square <= limit, "over {} samples, chi-square is {:.0f} with {} degrees of freedom", draws,
         chi_square, freedom);
}

void counts_its_architectures(const SearchSpaceUnderTest& tested) {
  constexpr double kFew = 20'000;
  const auto space = tested.make();
  double combinations = 1.0;
  for (const Choice& choice : space->choices()) combinations *= static_cast<double>(choice.candidates.size());
  const double size = space->size();
  expect(size >= 1.0 && size <= combinations, "size() is {}, and the choices have {} combinations", size,
         combinations);
  if (combinations <= kFew) {
    // Counts every combination that check() accepts, without at() and index_of().
    double valid = 0.0;
    Architecture combination = Architecture::zeros(space->choices().size());
    for (bool more = true; more;) {
      try {
        space->check(combination);
        valid += 1.0;
      } catch (const UsageError&) {
      }
      std::size_t digit = combination.size();
      while (digit-- > 0) {
        const std::size_t next = combination[digit] + std::size_t{1};
        const bool carries = next == space->choices()[digit].candidates.size();
        combination.set(digit, carries ? 0 : next);
        if (!carries) break;
      }
      more = digit < combination.size();
    }
    expect(valid == size, "size() is {}, and {} combinations pass check()", size, valid);
  }
  constexpr double kCountable = 9e18;
  if (size > kCountable) return;
  const auto last = static_cast<std::uint64_t>(size) - 1;
  std::vector<std::uint64_t> indices = {0, last / 2, last};
  if (size <= kFew)
    for (std::uint64_t i = 0; i < last; ++i) indices.push_back(i);
  for (const std::uint64_t index : indices) {
    const Architecture architecture = space->at(index);
    space->check(architecture);
    expect(space->index_of(architecture) == index, "at({}) is {}, whose index_of() is {}", index,
           shown(architecture), space->index_of(architecture));
  }
  for (const Architecture& sample : tested.samples(*space))
    expect(space->at(space->index_of(sample)) == sample,
           "{} has the index {}, at which there is another architecture", shown(sample),
           space->index_of(sample));
  constexpr double kExact = 9007199254740992.0;
  if (size < kExact)
    expect_refusal<UsageError>(fmt::format("at({}), one after the last architecture,", last + 1),
                               "UsageError", [&] { (void)space->at(last + 1); });
}

}  // namespace

void add_counting_rules(RuleList<SearchSpaceUnderTest>& rules) {
  rules.add({"SamplesAreUniform", "sample() returns every architecture equally often",
             "random search, the baseline of every comparison, is not the one that was published",
             "call at() with rng.below(size), or draw choice by choice if all combinations are valid"},
            samples_are_uniform);
  rules.add({"CountsItsArchitectures",
             "size() counts the combinations that pass check(), and at() and index_of() number them",
             "tables are read into the wrong rows, and an enumeration misses some architectures or meets "
             "them twice",
             "override size_impl(), at_impl() and index_of_impl() together"},
            counts_its_architectures);
}

}  // namespace espalier::contract
