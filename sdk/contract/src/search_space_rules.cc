#include <algorithm>
#include <cmath>
#include <future>
#include <map>
#include <set>

#include "neighbour_rules.h"
#include "option_rules.h"
#include "rule_list.h"
#include "search_space_trial.h"
#include "space_graph_rules.h"

namespace espalier::contract {
namespace {

void samples_are_valid(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  for (const Architecture& sample : trial.samples(*space))
    during(fmt::format("checking its sample {}", shown(sample)), [&] { space->check(sample); });
}

void draws_depend_on_the_seed_alone(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  const auto mutants = [&](const SearchSpace& of, std::uint64_t seed) {
    std::vector<Architecture> drawn;
    for (const Architecture& parent : trial.samples(*space)) {
      Rng rng(seed, "contract/mutate");
      drawn.push_back(of.mutate(parent, rng));
    }
    return drawn;
  };
  const auto first = trial.samples(*space);
  const auto first_mutants = mutants(*space, 0);
  SearchSpaceTrial::draw(*space, 3, 99);
  const auto other = trial.make();
  expect(trial.samples(*space) == first, "drawn again from the same Rng, the samples are others");
  expect(trial.samples(*other) == first, "drawn from the same Rng, another instance gives other samples");
  expect(mutants(*space, 0) == first_mutants, "drawn again from the same Rng, the mutants are others");
  expect(mutants(*other, 0) == first_mutants,
         "drawn from the same Rng, another instance gives other mutants");
}

/// Counts the samples by their index modulo a prime, where every residue stands for as many architectures.
void samples_are_uniform(const SearchSpaceTrial& trial) {
  constexpr std::uint64_t kBuckets = 61;
  constexpr double kPerBucket = 50.0;
  const auto space = trial.make();
  try {
    (void)space->index_of(trial.samples(*space).front());
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    throw NotApplicable(error.details().what);
  }
  expect(space->size() >= 1.0, "it has {} architectures", space->size());
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
  expect(chi_square <= limit, "over {} samples chi-square is {:.0f} for {} degrees of freedom", draws,
         chi_square, freedom);
}

void strings_read_back(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  std::map<std::string, Architecture> printed;
  auto all = trial.samples(*space);
  const auto near = space->neighbours(all.front());
  all.insert(all.end(), near.begin(), near.end());
  for (const Architecture& architecture : all) {
    const std::string text = space->to_string(architecture);
    const bool one_line = std::ranges::none_of(text, [](unsigned char c) { return c < ' '; });
    expect(!text.empty() && one_line, "{} prints as \"{}\", which is no line of text", shown(architecture),
           text);
    const auto [known, is_new] = printed.emplace(text, architecture);
    expect(known->second == architecture, "{} and {} both print as \"{}\"", shown(known->second),
           shown(architecture), text);
    during(fmt::format("reading back \"{}\"", text), [&] {
      const Architecture read = space->parse(text);
      expect(read == architecture, "{} prints as \"{}\", which reads as {}", shown(architecture), text,
             shown(read));
    });
  }
}

void refuses_foreign_strings(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  const std::string text = space->to_string(trial.samples(*space).front());
  const std::string zero(1, '\0');
  for (const std::string& foreign : {std::string(), std::string("no architecture at all"), zero, text + text})
    expect_refusal<UsageError>(fmt::format("the string \"{}\"", foreign), "UsageError",
                               [&] { (void)space->parse(foreign); });
  for (std::size_t length = 1; length < text.size(); ++length) {
    const std::string cut = text.substr(0, length);
    try {
      space->check(space->parse(cut));
    } catch (const UsageError&) {
    } catch (const std::exception& error) {
      throw Violation(fmt::format("\"{}\", cut short, was answered with: {}", cut, error.what()));
    }
  }
}

void counts_its_architectures(const SearchSpaceTrial& trial) {
  constexpr double kFew = 20'000;
  const auto space = trial.make();
  double combinations = 1.0;
  for (const Choice& choice : space->choices()) combinations *= static_cast<double>(choice.candidates.size());
  const double size = space->size();
  expect(size >= 1.0 && size <= combinations, "it has {} architectures, and its choices have {} combinations",
         size, combinations);
  if (combinations <= kFew) {
    // Counted without the space's own numbering.
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
    expect(valid == size, "size() is {}, and check() lets {} combinations pass", size, valid);
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
  for (const Architecture& sample : trial.samples(*space))
    expect(space->at(space->index_of(sample)) == sample, "{} has the index {}, which is another's",
           shown(sample), space->index_of(sample));
  constexpr double kExact = 9007199254740992.0;
  if (size < kExact)
    expect_refusal<UsageError>(fmt::format("at({}), beyond the last architecture,", last + 1), "UsageError",
                               [&] { (void)space->at(last + 1); });
}

void discretizes_to_the_heaviest(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  for (const Architecture& sample : trial.samples(*space)) {
    std::vector<std::vector<double>> weights;
    for (std::size_t i = 0; i < space->choices().size(); ++i) {
      weights.emplace_back(space->choices()[i].candidates.size(), 0.001);
      weights.back().at(sample[i]) = 0.9;
    }
    const Architecture found = space->discretize(weights);
    during(fmt::format("discretizing weights of {}", shown(sample)), [&] { space->check(found); });
    expect(found == sample, "where the candidates of {} weigh most, discretize() gives {}", shown(sample),
           shown(found));
  }
}

void answers_threads_alike(const SearchSpaceTrial& trial) {
  const auto space = trial.make();
  const auto answers = [&] {
    std::vector<std::string> all;
    for (const Architecture& sample : trial.samples(*space)) {
      Rng rng(5, "contract/threads");
      const Architecture mutant = space->mutate(sample, rng);
      all.push_back(space->to_string(mutant));
      all.push_back(shown(space->parse(all.back())));
      all.push_back(shown(space->neighbours(mutant).at(0)));
    }
    (void)space->instantiate(trial.samples(*space).front());
    return all;
  };
  const auto here = answers();
  auto one = std::async(std::launch::async, answers);
  auto other = std::async(std::launch::async, answers);
  expect(one.get() == here && other.get() == here, "two threads got other answers than one");
}

}  // namespace

std::vector<Rule> search_space_rules(const std::string& name, const SearchSpaceCase& tested) {
  const auto trial = std::make_shared<const SearchSpaceTrial>(name, tested);
  const auto use = [](std::unique_ptr<Plugin> plugin) {
    const auto space = Tested::as<SearchSpace>(std::move(plugin));
    const Architecture sample = SearchSpaceTrial::draw(*space, 1).front();
    (void)space->neighbours(space->parse(space->to_string(sample)));
    (void)space->instantiate(sample);
  };
  RuleList<SearchSpaceTrial> rules(trial, option_rules(trial->tested, use));
  rules.add({"SamplesAreValid", "sample() gives what check() lets pass",
             "every search on the space ends with an error",
             "override do_sample() where do_check() forbids combinations"},
            samples_are_valid);
  rules.add({"DrawsDependOnTheSeedAlone", "sample() and mutate() are functions of what they are given",
             "no search on the space can be repeated or resumed",
             "draw from the Rng that is given; keep nothing from call to call"},
            draws_depend_on_the_seed_alone);
  rules.add(
      {"SamplesAreUniform", "sample() gives every architecture as often as any other",
       "random search, the baseline of every comparison, is another one than published",
       "sample uniformly: at(rng.below(size)) does, and choice by choice where all combinations are valid"},
      samples_are_uniform);
  rules.add({"StringsReadBack",
             "parse() gives what to_string() printed, in one line, another for each architecture",
             "results cannot be evaluated, and a table of the space cannot be read",
             "override do_to_string() and do_parse() together"},
            strings_read_back);
  rules.add({"RefusesForeignStrings", "parse() throws UsageError for what is no architecture",
             "a mistake on a command line crashes, or trains another architecture than was meant",
             "check each part of the text; candidate_index() refuses unknown names"},
            refuses_foreign_strings);
  rules.add(
      {"CountsItsArchitectures", "size() counts what check() lets pass, and at() and index_of() number it",
       "tables are read into the wrong rows, and an enumeration misses architectures or meets some twice",
       "override do_size(), do_at() and do_index_of() together"},
      counts_its_architectures);
  rules.add(
      {"DiscretizesToTheHeaviest", "discretize() gives the valid architecture whose candidates weigh most",
       "a one-shot search reports another architecture than it learnt",
       "override do_discretize() where do_check() forbids combinations"},
      discretizes_to_the_heaviest);
  rules.add({"AnswersThreadsAlike", "every const function may be called from several threads at once",
             "results depend on how many seeds run at once",
             "keep no scratch values in members, and nothing thread_local"},
            answers_threads_alike);
  add_neighbour_rules(rules);
  add_space_graph_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
