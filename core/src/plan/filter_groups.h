#pragma once

#include <cstddef>

namespace espalier {

/// The gradients of a source's filters are summed in so many groups of images, then group by group: the same
/// on any number of threads. More groups would keep more threads busy and cost memory.
constexpr std::size_t kFilterGroups = 16;

}  // namespace espalier
