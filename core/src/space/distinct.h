#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "espalier/random/random.h"
#include "espalier/space/architecture.h"
#include "space/conditions.h"

namespace espalier {

/// Counts, numbers and draws the architectures of a space in which some choices matter only beside certain
/// candidates of others. Two combinations that differ in inactive choices are one architecture, in which
/// inactive choices have candidate 0.
///
/// The idea is a decision diagram. The choices that others depend on are decided one after another, parents
/// first. What was decided matters to the rest only by what it leaves of the rest's conditions, so that
/// decisions that leave the same conditions lead to the same node. A decision also settles whether some of
/// the choices that nothing depends on are active; those then vary freely:
///
///     count(node) = Σ over the arcs of factor(arc) · count(node that the arc leads to), count(leaf) = 1
///     factor(arc) = Π of the candidates of the choices that it makes active and that nothing depends on
///
/// Choices that condition each other, directly or not, form a part with a diagram of its own, because counts
/// of independent parts are multiplied. All functions are [any-thread].
class DistinctArchitectures {
 public:
  /// `conditions` outlives it. Throws Error when a diagram becomes too large.
  DistinctArchitectures(const Conditions& conditions, const std::vector<std::size_t>& candidates);

  double size() const;
  /// Uniformly.
  Architecture draw(Rng& rng) const;
  /// Any architecture when the index is out of range.
  Architecture at(std::uint64_t index) const;
  /// `architecture` is canonical. Throws Error when its index needs more than 64 bits.
  std::uint64_t index_of(const Architecture& architecture) const;

 private:
  /// How many there are: exact up to 2⁶⁴ - 2, and about how many beyond.
  struct Count {
    std::uint64_t exact = 1;  ///< the largest number where it does not fit
    double about = 1.0;

    bool fits() const;
    Count& operator+=(const Count& other);
    Count& operator*=(const Count& other);
  };
  struct Arc {
    std::size_t node = 0;
    Count factor = {};
    Count count = {};  ///< of all architectures through it
  };
  struct Node {
    Count count = {};
    std::vector<Arc> arcs = {};  ///< by candidate, one where the choice is inactive; none in a leaf
  };
  struct Part {
    std::vector<std::size_t> deciding;  ///< choices that others depend on, parents first
    std::vector<std::size_t> others;    ///< the last varies fastest
    /// The candidates of those others that have one condition, multiplied, by the first of them.
    std::map<std::size_t, Count> products;
    std::vector<Node> nodes;
    Arc root;

    const Node& first() const { return nodes[root.node]; }
  };
  /// What is left of the conditions of a part once some of its choices are decided: of those that are not
  /// decided yet, and of the first of those others that have one condition and are not settled yet.
  using Left = std::map<std::size_t, std::set<Nesting>>;
  using Known = std::map<std::pair<std::size_t, Left>, std::size_t>;

  Arc add_arc(Part& part, std::size_t position, Left left, Known& known) const;
  std::size_t add_node(Part& part, std::size_t position, const Left& left, Known& known) const;

  const Conditions& conditions_;
  std::vector<std::size_t> candidates_;
  std::vector<Part> parts_;
};

}  // namespace espalier
