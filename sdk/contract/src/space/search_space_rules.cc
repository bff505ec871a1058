#include <algorithm>
#include <future>
#include <map>

#include "rules/option_rules.h"
#include "rules/rule_list.h"
#include "space/counting_rules.h"
#include "space/hand_made_rules.h"
#include "space/neighbour_rules.h"
#include "space/networks.h"
#include "space/search_space_under_test.h"
#include "space/space_graph_rules.h"

namespace espalier::contract {
namespace {

void samples_are_valid(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  for (const Architecture& sample : tested.samples(*space))
    during(fmt::format("checking its sample {}", shown(sample)), [&] { space->check(sample); });
}

void draws_depend_on_the_seed_alone(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  const auto mutants = [&](const SearchSpace& of, std::uint64_t seed) {
    std::vector<Architecture> drawn;
    for (const Architecture& parent : tested.samples(*space)) {
      Rng rng(seed, "contract/mutate");
      drawn.push_back(of.mutate(parent, rng));
    }
    return drawn;
  };
  const auto first = tested.samples(*space);
  const auto first_mutants = mutants(*space, 0);
  SearchSpaceUnderTest::draw(*space, 3, 99);
  const auto other = tested.make();
  expect(tested.samples(*space) == first, "drawn again with the same Rng, the samples differ");
  expect(tested.samples(*other) == first, "drawn with the same Rng, another instance returns other samples");
  expect(mutants(*space, 0) == first_mutants, "drawn again with the same Rng, the mutants differ");
  expect(mutants(*other, 0) == first_mutants,
         "drawn with the same Rng, another instance returns other mutants");
}

void strings_read_back(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  std::map<std::string, Architecture> printed;
  NetworkForms forms;
  const auto same = [&](const Architecture& a, const Architecture& b) {
    return a == b ||
           (tested.how.equal_networks && forms.of(network_of(*space, a)) == forms.of(network_of(*space, b)));
  };
  auto all = tested.samples(*space);
  const auto near = space->neighbours(all.front());
  all.insert(all.end(), near.begin(), near.end());
  for (const Architecture& architecture : all) {
    const std::string text = space->to_string(architecture);
    const bool one_line = std::ranges::none_of(text, [](unsigned char c) { return c < ' '; });
    expect(!text.empty() && one_line, "{} is printed as \"{}\", which is no line of text",
           shown(architecture), text);
    const auto [known, is_new] = printed.emplace(text, architecture);
    expect(same(known->second, architecture), "{} and {} are both printed as \"{}\"", shown(known->second),
           shown(architecture), text);
    during(fmt::format("reading back \"{}\"", text), [&] {
      const Architecture read = space->parse(text);
      expect(same(read, architecture) && space->to_string(read) == text,
             "{} is printed as \"{}\", which is read as {}", shown(architecture), text, shown(read));
    });
  }
}

void refuses_invalid_strings(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  const std::string text = space->to_string(tested.samples(*space).front());
  const std::string zero(1, '\0');
  for (const std::string& invalid : {std::string(), std::string("no architecture at all"), zero, text + text})
    expect_refusal<UsageError>(fmt::format("the string \"{}\"", invalid), "UsageError",
                               [&] { (void)space->parse(invalid); });
  for (std::size_t length = 1; length < text.size(); ++length) {
    const std::string cut = text.substr(0, length);
    try {
      space->check(space->parse(cut));
    } catch (const UsageError&) {
    } catch (const std::exception& error) {
      throw Violation(fmt::format("the truncated string \"{}\" led to: {}", cut, error.what()));
    }
  }
}

void discretizes_to_the_heaviest(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  for (const Architecture& sample : tested.samples(*space)) {
    std::vector<std::vector<double>> weights;
    for (std::size_t i = 0; i < space->choices().size(); ++i) {
      weights.emplace_back(space->choices()[i].candidates.size(), 0.001);
      weights.back().at(sample[i]) = 0.9;
    }
    const Architecture found = space->discretize(weights);
    during(fmt::format("discretizing weights of {}", shown(sample)), [&] { space->check(found); });
    expect(found == sample, "although the candidates of {} weigh most, discretize() returns {}",
           shown(sample), shown(found));
  }
}

void answers_threads_alike(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  const auto answers = [&] {
    std::vector<std::string> all;
    for (const Architecture& sample : tested.samples(*space)) {
      Rng rng(5, "contract/threads");
      const Architecture mutant = space->mutate(sample, rng);
      all.push_back(space->to_string(mutant));
      all.push_back(shown(space->parse(all.back())));
      for (const Architecture& neighbour : space->neighbours(mutant)) all.push_back(shown(neighbour));
    }
    (void)space->instantiate(tested.samples(*space).front());
    return all;
  };
  const auto here = answers();
  auto one = std::async(std::launch::async, answers);
  auto other = std::async(std::launch::async, answers);
  expect(one.get() == here && other.get() == here, "two threads got other answers than one");
}

}  // namespace

std::vector<Rule> search_space_rules(const std::string& name, const SearchSpaceCase& how) {
  const auto tested = std::make_shared<const SearchSpaceUnderTest>(name, how);
  const auto use = [](std::unique_ptr<Plugin> plugin) {
    const auto space = PluginUnderTest::as<SearchSpace>(std::move(plugin));
    const Architecture sample = SearchSpaceUnderTest::draw(*space, 1).front();
    (void)space->neighbours(space->parse(space->to_string(sample)));
    (void)space->instantiate(sample);
  };
  RuleList<SearchSpaceUnderTest> rules(tested, option_rules(tested->plugin, use));
  rules.add({"SamplesAreValid", "every sample passes check()", "every search on the space ends with an error",
             "do not override sample_impl(), or draw again what check_impl() refuses"},
            samples_are_valid);
  rules.add({"DrawsDependOnTheSeedAlone", "sample() and mutate() depend only on their arguments",
             "no search on the space can be repeated or resumed",
             "draw only from the given Rng, and keep nothing from one call to the next"},
            draws_depend_on_the_seed_alone);
  rules.add({"RefusesInvalidStrings", "parse() throws UsageError for text that is no architecture",
             "a mistake on a command line crashes the program, or trains an architecture that nobody meant",
             "check each part of the text; candidate_index() refuses unknown names"},
            refuses_invalid_strings);
  rules.add(
      {"StringsReadBack",
       "to_string() prints a line of its own for each architecture, and parse() reads it back; if the case "
       "declares equal_networks, architectures of equal networks may share a line",
       "results cannot be evaluated, and a table of the space cannot be read",
       "override to_string_impl() and parse_impl() together"},
      strings_read_back);
  rules.add(
      {"DiscretizesToTheHeaviest", "discretize() returns the valid architecture whose candidates weigh most",
       "a one-shot search reports another architecture than it learned",
       "do not override discretize_impl(), or return what check_impl() accepts"},
      discretizes_to_the_heaviest);
  rules.add({"AnswersThreadsAlike", "every const function may be called from several threads at once",
             "results depend on how many seeds run at once",
             "keep no scratch values in members or in thread_local variables"},
            answers_threads_alike);
  add_counting_rules(rules);
  add_neighbour_rules(rules);
  add_space_graph_rules(rules);
  add_hand_made_rules(rules);
  return rules.take();
}

}  // namespace espalier::contract
