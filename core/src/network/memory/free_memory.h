#pragma once

#include <cstdint>

namespace espalier {

/// How many bytes this process can still fill without swapping: the least of what is available on the machine
/// and what the limits of its control group (version 2) and its address space leave, plus what the caching
/// allocator keeps.
std::int64_t free_memory();

}  // namespace espalier
