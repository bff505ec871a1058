#pragma once

#include <algorithm>
#include <cstddef>

namespace espalier {

/// Memory to which gradients are added. While it is fresh, it may hold anything: the first gradient
/// overwrites it, which is cheaper than filling it with zeros first.
template <class T>
struct GradientSum {
  T* numbers = nullptr;  ///< null where nobody asks for the gradient
  bool fresh = true;

  explicit operator bool() const { return numbers != nullptr; }
  /// For a caller that can only add.
  void clear_if_fresh(std::size_t count) const {
    if (fresh) std::fill_n(numbers, count, T(0));
  }
};

}  // namespace espalier
