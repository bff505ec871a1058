#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <stdexcept>

namespace espalier {

/// The values of a trial, one for each objective: a small value type without memory on the heap, of which a
/// search on a table makes millions a second. Its iterators are pointers, so that it converts to a std::span.
class ObjectiveValues {
 public:
  using value_type = double;
  using const_iterator = const double*;

  /// How many objectives a search may have.
  static constexpr std::size_t kMost = 8;

  ObjectiveValues() = default;
  ObjectiveValues(std::initializer_list<double> values) {
    for (const double value : values) push_back(value);
  }
  explicit ObjectiveValues(std::span<const double> values) {
    for (const double value : values) push_back(value);
  }

  /// So many zeros, at most kMost.
  static ObjectiveValues zeros(std::size_t size) {
    ObjectiveValues values;
    values.size_ = size;
    return values;
  }

  /// Throws std::length_error beyond kMost.
  void push_back(double value) {
    if (size_ == kMost) throw std::length_error("a search has at most 8 objectives");
    values_[size_++] = value;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  double operator[](std::size_t objective) const { return values_[objective]; }
  double& operator[](std::size_t objective) { return values_[objective]; }
  double front() const { return values_.front(); }
  const double* data() const { return values_.data(); }
  const double* begin() const { return values_.data(); }
  const double* end() const { return values_.data() + size_; }

  friend bool operator==(const ObjectiveValues& a, const ObjectiveValues& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  /// Compares the first objectives, then the second, and so on.
  friend auto operator<=>(const ObjectiveValues& a, const ObjectiveValues& b) {
    return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::array<double, kMost> values_{};
  std::size_t size_ = 0;
};

}  // namespace espalier
