#include <algorithm>
#include <future>
#include <map>

#include "rules/option_rules.h"
#include "rules/rule_list.h"
#include "space/counting_rules.h"
#include "space/neighbour_rules.h"
#include "space/search_space_case.h"
#include "space/space_graph_rules.h"

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
             "override sample_impl() where check_impl() forbids combinations"},
            samples_are_valid);
  rules.add({"DrawsDependOnTheSeedAlone", "sample() and mutate() are functions of what they are given",
             "no search on the space can be repeated or resumed",
             "draw from the Rng that is given; keep nothing from call to call"},
            draws_depend_on_the_seed_alone);
  rules.add({"RefusesForeignStrings", "parse() throws UsageError for what is no architecture",
             "a mistake on a command line crashes, or trains another architecture than was meant",
             "check each part of the text; candidate_index() refuses unknown names"},
            refuses_foreign_strings);
  rules.add({"StringsReadBack",
             "parse() gives what to_string() printed, in one line, another for each architecture",
             "results cannot be evaluated, and a table of the space cannot be read",
             "override to_string_impl() and parse_impl() together"},
            strings_read_back);
  rules.add(
      {"DiscretizesToTheHeaviest", "discretize() gives the valid architecture whose candidates weigh most",
       "a one-shot search reports another architecture than it learnt",
       "override discretize_impl() where check_impl() forbids combinations"},
      discretizes_to_the_heaviest);
  rules.add({"AnswersThreadsAlike", "every const function may be called from several threads at once",
             "results depend on how many seeds run at once",
             "keep no scratch values in members, and nothing thread_local"},
            answers_threads_alike);
  add_counting_rules(rules);
  add_neighbour_rules(rules);
  add_space_graph_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
