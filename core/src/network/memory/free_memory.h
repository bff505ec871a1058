#pragma once

#include <cstdint>

namespace espalier {

/// Bytes that this process can still fill without swapping: what the machine has, the limits of its control
/// group (version 2) and its address space leave, and what the caching allocator keeps.
std::int64_t free_memory();

}  // namespace espalier
