#pragma once

#include <compare>
#include <cstddef>
#include <set>
#include <vector>

#include "espalier/space/architecture.h"

namespace espalier {

/// A candidate that a choice takes.
struct Taken {
  std::size_t choice = 0;
  std::size_t candidate = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with 0 for one with a pointer
  friend auto operator<=>(const Taken&, const Taken&) = default;
};

/// The candidates that a place in the graph lies within, ordered by choice: it exists in the networks of
/// those architectures that take all of them.
using Nesting = std::vector<Taken>;

/// Which choices of an architecture are active. A choice is active where one of its places exists: it is a
/// disjunction of nestings, from which is removed what says nothing. All functions are [any-thread].
class Conditions {
 public:
  /// `nestings` has the places of each choice, `candidates` the number of candidates of each. Throws Error
  /// when choices lie within one another.
  Conditions(std::vector<std::set<Nesting>> nestings, const std::vector<std::size_t>& candidates);

  /// Whether every choice is active in every architecture.
  bool empty() const { return empty_; }
  bool is_active(std::size_t choice, const Architecture& architecture) const;
  /// One empty nesting: always active.
  const std::set<Nesting>& of(std::size_t choice) const { return nestings_[choice]; }
  /// The choices that decide whether this one is active.
  std::set<std::size_t> parents(std::size_t choice) const;
  /// All choices, each behind its parents.
  const std::vector<std::size_t>& order() const { return order_; }

 private:
  std::vector<std::set<Nesting>> nestings_;  ///< of each choice
  std::vector<std::size_t> order_;
  bool empty_ = true;
};

}  // namespace espalier
