#include "space/space_graph_rules.h"

#include <algorithm>
#include <map>
#include <set>

#include "espalier/graph/graph_data.h"
#include "espalier/graph/weighting.h"
#include "espalier/plan/layer_graph.h"
#include "space/networks.h"

namespace espalier::contract {
namespace {

/// Marks a choice in a relaxed graph.
class Mark final : public Weighting {
 public:
  Mark(std::size_t choice, std::size_t size) : choice_(choice), size_(size) {}
  std::size_t choice() const { return choice_; }
  std::size_t size() const override { return size_; }

 private:
  std::size_t choice_;
  std::size_t size_;
};

Graph relaxed(const SearchSpace& space) {
  if (!space.has_supernet()) throw NotApplicable("the space has no supernet");
  return space.relax([&](std::size_t choice) {
    return std::make_shared<Mark>(choice, space.choices()[choice].candidates.size());
  });
}

void scopes_exist(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  for (const std::string& scope : space->scopes())
    expect(!space->graph().instances({scope}).empty(), "no graph of the space has the scope \"{}\"", scope);
}

void copies_have_the_same_candidates(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  Graph supernet = relaxed(*space);
  supernet.visit_edges([&](const EdgeData& edge) {
    const Mixed* const mixed = edge.op().mixed();
    if (mixed == nullptr) return;
    const auto& choice = space->choices()[dynamic_cast<const Mark&>(*mixed->weighting).choice()];
    std::set<std::string> taken;
    for (std::size_t i = 0; i < choice.candidates.size(); ++i) {
      std::string name = mixed->candidates[i].name();
      // A choice calls its second candidate of the same name "name_2".
      const std::string plain = name;
      for (int copy = 2; !taken.insert(name).second; ++copy) name = fmt::format("{}_{}", plain, copy);
      expect(name == choice.candidates[i], "candidate {} of {} is {} in one copy and {} in another", i,
             choice.name, choice.candidates[i], name);
    }
  });
}

void every_choice_is_in_the_supernet(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  const LayerGraph layers = flatten(relaxed(*space), space->input_shape(), Purpose::search);
  expect(!layers.nodes.empty(), "the supernet has no layers");
  std::vector<bool> reached(layers.nodes.size(), false);
  std::set<std::size_t> found;
  reached.back() = true;
  for (std::size_t i = layers.nodes.size(); i-- > 0;) {
    if (!reached[i]) continue;
    const LayerGraph::Node& node = layers.nodes[i];
    for (const int input : node.inputs)
      if (input != LayerGraph::kInput) reached[static_cast<std::size_t>(input)] = true;
    if (const auto* mark = dynamic_cast<const Mark*>(node.weighting.get())) found.insert(mark->choice());
  }
  for (std::size_t i = 0; i < space->choices().size(); ++i)
    expect(found.contains(i), "the output of the supernet does not depend on the choice {}",
           space->choices()[i].name);
}

void every_network_tells_the_same_classes(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  const auto samples = SearchSpaceUnderTest::draw(*space, tested.how.networks);
  const auto layers_of = [&](const Architecture& sample) {
    return during(fmt::format("flattening the network of {}", shown(sample)),
                  [&] { return network_of(*space, sample); });
  };
  // What all others are compared with: the supernet, or the first network where there is none.
  const std::string model =
      space->has_supernet() ? "the supernet" : "the network of " + shown(samples.front());
  const Shape classes =
      space->has_supernet()
          ? during("flattening the supernet",
                   [&] { return flatten(relaxed(*space), space->input_shape(), Purpose::search).output(); })
          : layers_of(samples.front()).output();
  expect(classes.height == 1 && classes.width == 1 && classes.channels > 1,
         "{}'s output is {}, not one number per class", model, to_string(classes));
  for (const Architecture& sample : samples) {
    const LayerGraph layers = layers_of(sample);
    expect(layers.output() == classes, "the output of the network of {} is {}, and that of {} {}",
           shown(sample), to_string(layers.output()), model, to_string(classes));
    if (const auto head = layers.auxiliary_output()) {
      const Shape& shape = layers.nodes[static_cast<std::size_t>(*head)].shape;
      expect(shape == classes, "the output of the auxiliary head of {} is {}, and that of {} {}",
             shown(sample), to_string(shape), model, to_string(classes));
    }
  }
}

void instantiates_what_was_chosen(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  for (const Architecture& sample : SearchSpaceUnderTest::draw(*space, tested.how.networks)) {
    const Graph network = space->instantiate(sample);
    network.visit_edges([&](const EdgeData& edge) {
      expect(!edge.op().is_choice(),
             "after both hooks the network of {} still has candidates on the edge {} to {}", shown(sample),
             edge.from(), edge.to());
    });
  }
}

void different_architectures_have_different_networks(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  const auto samples = SearchSpaceUnderTest::draw(*space, std::max<std::size_t>(tested.how.networks, 4));
  std::set<Architecture> different(samples.begin(), samples.end());
  // A choice that has no effect shows in a neighbour. A few of them suffice, because networks take time.
  constexpr std::size_t kNeighbours = 12;
  for (const Architecture& sample : samples) {
    const auto neighbours = space->neighbours(sample);
    const std::size_t step = neighbours.size() / kNeighbours + 1;
    for (std::size_t i = 0; i < neighbours.size(); i += step) different.insert(neighbours[i]);
  }
  std::map<std::string, Architecture> seen;
  for (const Architecture& architecture : different) {
    const auto [known, is_new] = seen.emplace(listing(network_of(*space, architecture)), architecture);
    expect(is_new || tested.how.equal_networks, "{} and {} have the same network", shown(known->second),
           shown(architecture));
  }
  expect(different.size() < 2 || seen.size() > 1,
         "{} different architectures have the same network, that of {}", different.size(),
         shown(*different.begin()));
}

void instantiates_alike_again(const SearchSpaceUnderTest& tested) {
  const auto space = tested.make();
  const auto own_graph = [&] {
    return space->has_supernet() ? listing(flatten(space->graph(), space->input_shape(), Purpose::search))
                                 : "";
  };
  const std::string before = own_graph();
  for (const Architecture& sample : SearchSpaceUnderTest::draw(*space, tested.how.networks)) {
    const std::string first = listing(network_of(*space, sample));
    expect(listing(network_of(*space, sample)) == first, "the network of {}, made twice, is not the same",
           shown(sample));
    const auto other = tested.make();
    expect(listing(network_of(*other, sample)) == first, "another instance makes another network of {}",
           shown(sample));
  }
  expect(own_graph() == before, "making networks changed the space's own graph");
}

}  // namespace

void add_space_graph_rules(RuleList<SearchSpaceUnderTest>& rules) {
  rules.add({"ScopesExist", "every scope that the space names is the scope of one of its graphs",
             "nobody searches the choices of a misspelled scope",
             "compare the names given to set_scope() with the scopes of the SpaceDefinition"},
            scopes_exist);
  rules.add({"CopiesHaveTheSameCandidates", "all copies of an edge list their candidates in the same order",
             "an architecture means one operation in one cell and another in the next",
             "build the candidates of all copies with one function"},
            copies_have_the_same_candidates);
  rules.add({"EveryChoiceIsInTheSupernet", "the supernet's output depends on every choice",
             "a one-shot search cannot learn the choice, and other searches count one network as several "
             "architectures",
             "connect the choice to the output, or leave it out"},
            every_choice_is_in_the_supernet);
  rules.add(
      {"EveryNetworkTellsTheSameClasses",
       "the supernet, every network and every auxiliary head accept the input and end in one number per "
       "class",
       "a training ends with an error, often only after the search",
       "match the channels and strides of all candidates, and end the graph with primitives::classifier()"},
      every_network_tells_the_same_classes);
  rules.add({"InstantiatesWhatWasChosen", "nothing is left to choose once both hooks have run",
             "the architecture that was found cannot be trained",
             "build the network in the hook of prepare_evaluation from the chosen operations, not from the "
             "candidates"},
            instantiates_what_was_chosen);
  rules.add(
      {"DifferentArchitecturesHaveDifferentNetworks",
       "different architectures have different networks, or at least not all the same one if the case "
       "declares equal_networks",
       "a search counts one network as several architectures, or leads to the same network whatever it "
       "found",
       "keep the chosen operations in the hook of prepare_evaluation, or declare equal_networks if some "
       "choices are meant to have no effect"},
      different_architectures_have_different_networks);
  rules.add({"InstantiatesAlikeAgain",
             "instantiate() leaves the space unchanged and returns the same network every time",
             "a training that is resumed or repeated trains another network",
             "hooks must change only the graph that they are given"},
            instantiates_alike_again);
}

}  // namespace espalier::contract
