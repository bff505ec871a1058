#pragma once

#include <boost/container/small_vector.hpp>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>

#include "espalier/plugin/export.h"

namespace espalier {

/// One architecture of a search space: for each of the space's choices, in its order, the index of
/// the candidate that was chosen. A value without tensors; up to 48 choices need no heap.
class ESPALIER_EXPORT Architecture {
 public:
  using Index = std::uint16_t;

  Architecture() = default;
  Architecture(std::initializer_list<Index> choices) : choices_(choices.begin(), choices.end()) {}
  /// All `size` choices at candidate 0.
  static Architecture zeros(std::size_t size);

  std::size_t size() const { return choices_.size(); }
  Index operator[](std::size_t choice) const { return choices_[choice]; }
  void set(std::size_t choice, std::size_t candidate) { choices_[choice] = static_cast<Index>(candidate); }
  std::span<const Index> choices() const { return {choices_.data(), choices_.size()}; }

  /// The same on every machine and in every run.
  std::uint64_t hash() const noexcept;

  friend bool operator==(const Architecture& a, const Architecture& b) { return a.choices_ == b.choices_; }
  friend bool operator<(const Architecture& a, const Architecture& b) { return a.choices_ < b.choices_; }

 private:
  boost::container::small_vector<Index, 48> choices_;
};

}  // namespace espalier

/// For unordered containers.
template <>
struct std::hash<espalier::Architecture> {
  std::size_t operator()(const espalier::Architecture& architecture) const noexcept {
    return architecture.hash();
  }
};
