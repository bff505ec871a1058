#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/graph/weighting.h"
#include "espalier/layers/shape.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/random/random.h"
#include "espalier/space/architecture.h"
#include "espalier/space/choice.h"
#include "espalier/space/space_definition.h"

namespace espalier {

class Conditions;
class DistinctArchitectures;
struct LayerGraph;

/// A search space: a nested graph, the scopes that an optimizer may alter, and the discrete view of both
/// (Ruchte et al., 2020).
///
/// A plugin hands its graph to the constructor, usually from a static function that reads the options:
///
///     explicit MySpace(const Config& config) : SearchSpace(definition(config)) {}
///
/// The discrete view follows from the graph alone. Each edge or node that has candidates and lies within the
/// scopes is a choice. Choices are ordered as Graph::instances() lists their graphs, and within a graph the
/// edges come before the nodes. A choice that stands only within candidates that an architecture does not
/// take is inactive: it has no effect, has candidate 0 and is not printed. A space overrides an _impl()
/// hook only where its literature defines something else.
///
/// Functions that take an architecture throw UsageError when check() refuses it. Whatever a plugin's hook
/// throws arrives as an Error that names the plugin, its file and the call.
class ESPALIER_EXPORT SearchSpace : public Plugin {
 public:
  ~SearchSpace() override;

  /// [any-thread] The supernet's graph, with candidates on its edges and nodes.
  const Graph& graph() const { return graph_; }
  /// [any-thread] The scopes whose candidates are choices; empty means all graphs.
  const Scopes& scopes() const { return scopes_; }
  /// [any-thread] The shape of one image that enters the graph.
  const Shape& input_shape() const { return input_shape_; }
  /// [any-thread] What an architecture decides; an architecture holds one index for each.
  const std::vector<Choice>& choices() const { return choices_; }

  /// [any-thread] Whether one-shot searches can use the space (SpaceDefinition::discrete_only).
  bool has_supernet() const { return has_supernet_; }
  /// [any-thread] Throws UsageError unless has_supernet().
  void check_supernet() const;

  /// [any-thread] The number of distinct architectures; exact below 2^53.
  double size() const;
  /// [any-thread] Throws UsageError unless `architecture` belongs to this space: it must have an index for
  /// each choice, each index must name a candidate, inactive choices must have candidate 0, and check_impl()
  /// must accept the combination.
  void check(const Architecture& architecture) const;
  /// [any-thread] Whether check() accepts it.
  bool is_valid(const Architecture& architecture) const;
  /// [any-thread] Whether the choice stands somewhere in the network of `architecture`, which needs to have
  /// an index for each choice. Requires choice < choices().size().
  bool is_active(std::size_t choice, const Architecture& architecture) const;
  /// [any-thread] The form in which check() accepts an architecture: inactive choices have candidate 0.
  /// Call it on a combination of architectures, for example before mutate(). Throws UsageError unless each
  /// choice has an index that names a candidate.
  Architecture canonical(const Architecture& architecture) const;

  /// [any-thread] An architecture drawn uniformly from the space.
  Architecture sample(Rng& rng) const;
  /// [any-thread] A copy of `architecture` with one random change: one active choice takes another candidate.
  /// Choices that this makes active take random ones. Where no change is an architecture, the copy is as the
  /// original.
  Architecture mutate(const Architecture& architecture, Rng& rng) const;
  /// [any-thread] Every architecture that differs from `architecture` by one change, each once. Choices that
  /// a change makes active take their first candidate.
  std::vector<Architecture> neighbours(const Architecture& architecture) const;

  /// [any-thread] The architecture as one line of text, in the literature's own form where there is one.
  std::string to_string(const Architecture& architecture) const;
  /// [any-thread] The inverse of to_string(). White space around the text is passed over. Throws UsageError
  /// that says what is wrong, at which character, and which name is nearest.
  Architecture parse(std::string_view text) const;

  /// [any-thread] The architecture with this index, 0 ≤ index < size(). Where all choices are active, the
  /// last one varies fastest. Throws UsageError when the index is out of range.
  Architecture at(std::uint64_t index) const;
  /// [any-thread] The inverse of at(). Throws Error when the index needs more than 64 bits.
  std::uint64_t index_of(const Architecture& architecture) const;

  /// [any-thread] [choices]: the index of each choice's candidate, -1 for an inactive choice.
  std::vector<int> categorical_encoding(const Architecture& architecture) const;
  /// [any-thread] [candidates of all choices]: 1 for the candidate that an active choice takes, 0 for any
  /// other.
  std::vector<float> one_hot_encoding(const Architecture& architecture) const;

  /// [any-thread] The network of one architecture, ready to be trained from scratch: a clone of the graph in
  /// which the chosen operations replace the candidates, after its hooks prepare_discretization and
  /// prepare_evaluation.
  Graph instantiate(const Architecture& architecture) const;
  /// [any-thread] The network of one architecture as it stands within the supernet, whose weights it can
  /// inherit: instantiate() without the hook prepare_evaluation, which may make a larger network.
  Graph subnetwork(const Architecture& architecture) const;
  /// [any-thread] The layers of the network of instantiate() as it is trained from scratch and then used:
  /// without an auxiliary head. Throws Error, as the counts below do, when they do not fit together.
  LayerGraph layers(const Architecture& architecture) const;
  /// [any-thread] The number of learnable values of that network (LayerGraph::parameters()).
  std::int64_t parameters(const Architecture& architecture) const;
  /// [any-thread] The multiply-adds of that network for one image of input_shape()
  /// (Layer::multiply_adds()).
  std::int64_t multiply_adds(const Architecture& architecture) const;
  /// [any-thread] The peak of the activations of that network in inference, in bytes, for one image
  /// (LayerGraph::activation_bytes()).
  std::int64_t activation_bytes(const Architecture& architecture) const;
  /// [any-thread] The supernet: a clone of the graph in which each choice mixes its candidates under a
  /// weighting. `weighting_of` is called once for each choice, in order; all copies of a choice share what it
  /// returns. Throws UsageError unless has_supernet().
  Graph relax(const std::function<std::shared_ptr<Weighting>(std::size_t choice)>& weighting_of) const;
  /// [any-thread] The architecture that a relaxation stands for: at each choice the candidate of largest
  /// weight, the first of them where several are equal. `weights` is [choices][candidates]; throws UsageError
  /// for any other size.
  Architecture discretize(const std::vector<std::vector<double>>& weights) const;

 protected:
  /// Throws Error when the input shape is empty, when nothing is left to choose within the scopes, when
  /// nothing chooses from some candidates, when the candidates of a choice differ in shape (unless the space
  /// is discrete only), or when a name is taken or cannot stand in an architecture's string. The space keeps
  /// a clone of the graph.
  explicit SearchSpace(SpaceDefinition definition);

  // [any-thread] Hooks: what the function of the same name does, once that has checked its arguments.

  virtual Architecture canonical_impl(const Architecture& architecture) const;
  virtual Architecture sample_impl(Rng& rng) const;
  virtual Architecture mutate_impl(const Architecture& architecture, Rng& rng) const;
  virtual std::vector<Architecture> neighbours_impl(const Architecture& architecture) const;
  virtual std::string to_string_impl(const Architecture& architecture) const;
  virtual Architecture parse_impl(std::string_view text) const;
  virtual Architecture discretize_impl(const std::vector<std::vector<double>>& weights) const;

  // A space in which some combinations of candidates are not architectures overrides check_impl(). Samples,
  // mutants, neighbours and discretizations are drawn again, or left out, until it accepts them. Their number
  // does not follow from it, so the three below that count are overridden, too.

  /// Throws UsageError for a combination that is not an architecture.
  virtual void check_impl(const Architecture& /*architecture*/) const {}
  virtual double size_impl() const;
  /// Returns any architecture when the index is out of range: at() finds out by index_of_impl().
  virtual Architecture at_impl(std::uint64_t index) const;
  virtual std::uint64_t index_of_impl(const Architecture& architecture) const;

  /// [any-thread] For parse_impl(): the index of the name `candidate`, which stands at `position` of `text`,
  /// among the candidates of `choice`. Throws UsageError that gives the place and the nearest name.
  Architecture::Index candidate_index(std::size_t choice, std::string_view candidate, std::string_view text,
                                      std::size_t position) const;

 private:
  /// Whether check_impl() does.
  bool accepts(const Architecture& architecture) const;
  /// Replaces what check_impl() refuses by its canonical form; false where it refuses that, too.
  bool take_accepted_form(Architecture& architecture) const;
  Architecture changed(const Architecture& architecture, Rng& rng) const;
  void check_indices(const Architecture& architecture) const;
  std::vector<std::string> names_from(std::size_t choice) const;
  bool names_later(std::string_view name, std::size_t choice) const;
  void check_named(std::size_t choice, const Architecture& architecture, std::optional<std::size_t> position,
                   std::string_view text) const;

  Graph graph_;
  Scopes scopes_;
  Shape input_shape_;
  bool has_supernet_;
  std::vector<Choice> choices_;
  std::vector<std::uint32_t> candidate_counts_;  ///< of the choices, side by side: read for each trial
  // Null where every choice is active in every architecture.
  std::unique_ptr<const Conditions> conditions_;
  std::unique_ptr<const DistinctArchitectures> distinct_;
};

}  // namespace espalier
