#pragma once

#include <boost/container/small_vector.hpp>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <span>

#include "espalier/plugin/export.h"

namespace espalier {

/// One architecture of a search space: for each choice of the space, in its order, the index of the chosen
/// candidate. A value that holds no tensors and, up to 48 choices, no memory on the heap.
class ESPALIER_EXPORT Architecture {
 public:
  using Index = std::uint16_t;

  Architecture() = default;
  // Defined in the library: inlined, they are what GCC 12 gives false alarms about in plugins (GCC bug
  // 105651).
  Architecture(const Architecture& other);
  Architecture(Architecture&& other) noexcept;
  Architecture& operator=(const Architecture& other);
  Architecture& operator=(Architecture&& other) noexcept;
  ~Architecture() = default;
  Architecture(std::initializer_list<Index> choices) : choices_(choices.begin(), choices.end()) {}
  /// An architecture of `size` choices that all have candidate 0.
  static Architecture zeros(std::size_t size);

  /// The number of choices.
  std::size_t size() const { return choices_.size(); }
  /// The index of the candidate at a choice. Requires choice < size().
  Index operator[](std::size_t choice) const { return choices_[choice]; }
  void set(std::size_t choice, std::size_t candidate) { choices_[choice] = static_cast<Index>(candidate); }
  /// The indices of all choices.
  std::span<const Index> choices() const { return {choices_.data(), choices_.size()}; }

  /// A hash that is the same on every machine and in every run.
  std::uint64_t hash() const noexcept;

  /// Prints the indices: "[0, 3, 1]". SearchSpace::to_string() prints an architecture for people.
  ESPALIER_EXPORT friend std::ostream& operator<<(std::ostream& stream, const Architecture& architecture);

  friend bool operator==(const Architecture& a, const Architecture& b) { return a.choices_ == b.choices_; }
  friend bool operator<(const Architecture& a, const Architecture& b) { return a.choices_ < b.choices_; }

 private:
  boost::container::small_vector<Index, 48> choices_;
};

}  // namespace espalier

/// Makes architectures keys of unordered containers.
template <>
struct std::hash<espalier::Architecture> {
  std::size_t operator()(const espalier::Architecture& architecture) const noexcept {
    return architecture.hash();
  }
};
