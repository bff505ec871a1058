#pragma once

#include <cstddef>

namespace espalier {

/// The backward pass of a fan-out sums the gradients of its filters in at most this many groups of images,
/// each in memory of its own, and then adds the groups in their order: so the result is the same on any
/// number of threads. More groups would keep more threads busy and take more memory. It is a fact of the
/// kernels, but the forecast has to know it.
constexpr std::size_t kFilterGroups = 16;

}  // namespace espalier
