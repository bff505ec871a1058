#pragma once

#include <cstddef>

#include "espalier/plugin/export.h"

namespace espalier {

/// From now on, tensors on the CPU take their memory from an allocator that keeps what they free and hands it
/// out again, so that training causes almost no page faults. It keeps at most a quarter more than the peak,
/// and throws Error when memory does not suffice. Only the first call has an effect; any thread may make it.
ESPALIER_EXPORT void install_caching_allocator();

/// In bytes, rounded up to the sizes that the allocator hands out.
struct CachingAllocatorStatistics {
  std::size_t in_use = 0;  ///< by tensors
  std::size_t cached = 0;  ///< free, and kept
  std::size_t peak = 0;    ///< the most that was in use
};

/// All zero before the allocator is installed.
ESPALIER_EXPORT CachingAllocatorStatistics caching_allocator_statistics();

}  // namespace espalier
