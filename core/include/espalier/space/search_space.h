#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
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

namespace espalier {

/// One decision that defines an architecture: what to put on an edge (of all copies of a cell or
/// motif together).
struct Choice {
  std::string name;                     ///< "cell.edge_1_2"
  std::vector<std::string> candidates;  ///< in the order of their indices
};

/// A search space: a nested graph, the scopes that an optimizer may alter, and the discrete view of it.
///
/// A plugin builds its graph in the constructor and hands it to define(); the discrete view then
/// follows from the graph alone: a choice for each optimizable edge with candidates, in the order of
/// Graph::edges(), the copies of a cell sharing theirs. A space overrides the do_… hooks only where its
/// literature defines something else. Every const function may be called from several threads at once.
class ESPALIER_EXPORT SearchSpace : public Plugin {
 public:
  ~SearchSpace() override;

  const Graph& graph() const { return graph_; }
  const Scopes& scopes() const { return scopes_; }
  const Shape& input_shape() const { return input_shape_; }

  const std::vector<Choice>& choices() const { return choices_; }
  /// How many architectures there are; exact below 2^53.
  double size() const;

  /// A uniform sample.
  Architecture sample(Rng& rng) const;
  /// One change at random: one choice takes another candidate. Throws UsageError for a foreign
  /// architecture, as all functions below.
  Architecture mutate(const Architecture& architecture, Rng& rng) const;
  /// Every distinct architecture that one change leads to.
  std::vector<Architecture> neighbours(const Architecture& architecture) const;
  /// The canonical string, in the field's own form where there is one.
  std::string to_string(const Architecture& architecture) const;
  /// Reads a canonical string back. Throws UsageError that says what is wrong, where, and what is near.
  Architecture parse(std::string_view text) const;

  /// The `index`-th architecture, 0 ≤ index < size(); the last choice runs fastest.
  Architecture at(std::uint64_t index) const;
  /// The inverse of at(). Throws Error where an index needs more than 64 bits.
  std::uint64_t index_of(const Architecture& architecture) const;
  /// One number per choice: its candidate's index.
  std::vector<int> categorical_encoding(const Architecture& architecture) const;
  /// One number per choice and candidate: 1 where chosen, 0 elsewhere.
  std::vector<float> one_hot_encoding(const Architecture& architecture) const;

  /// Throws UsageError when the number of choices or a candidate is not this space's, or the candidates do
  /// not go together in it.
  void check(const Architecture& architecture) const;

  /// The network of one architecture, ready to be trained from scratch: a clone of the graph with the
  /// chosen operations in place of the candidates, after its two hooks.
  Graph instantiate(const Architecture& architecture) const;
  /// The supernet: a clone of the graph in which all candidates of a choice stand under one weighting,
  /// shared by all copies of its edge. `weighting_of` is called once for each choice.
  Graph relax(const std::function<std::shared_ptr<Weighting>(std::size_t choice)>& weighting_of) const;
  /// The architecture that a relaxation stands for: at each choice the candidate that weighs most (the
  /// first of equals). `weights` holds, for each choice, a number for each candidate.
  Architecture discretize(const std::vector<std::vector<double>>& weights) const;

 protected:
  SearchSpace() = default;

  /// Takes the finished graph. Call once, at the end of the constructor. Throws Error when it has
  /// nothing to choose within `scopes`.
  void define(const Graph& graph, Scopes scopes, Shape input_shape);

  virtual Architecture sample_impl(Rng& rng) const;
  virtual Architecture mutate_impl(const Architecture& architecture, Rng& rng) const;
  virtual std::vector<Architecture> neighbours_impl(const Architecture& architecture) const;
  virtual std::string to_string_impl(const Architecture& architecture) const;
  virtual Architecture parse_impl(std::string_view text) const;

  /// A space in which not every combination of candidates is an architecture overrides all of these too.
  virtual void check_impl(const Architecture& /*architecture*/) const {}
  virtual double size_impl() const;
  virtual Architecture at_impl(std::uint64_t index) const;  ///< of an index beyond the last: any
  virtual std::uint64_t index_of_impl(const Architecture& architecture) const;

  virtual Architecture discretize_impl(const std::vector<std::vector<double>>& weights) const;

  /// For parse_impl: the index of `candidate` at `choice`; throws UsageError with the nearest name.
  Architecture::Index candidate_index(std::size_t choice, std::string_view candidate, std::string_view text,
                                      std::size_t position) const;

 private:
  Graph graph_;
  Scopes scopes_;
  Shape input_shape_;
  std::vector<Choice> choices_;
};

}  // namespace espalier
