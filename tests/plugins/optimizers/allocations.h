#pragma once

#include <cstdint>

namespace espalier::testing {

/// How often the calling thread has called operator new, in whatever library.
std::uint64_t allocations();

}  // namespace espalier::testing
