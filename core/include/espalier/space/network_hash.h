#pragma once

#include <cstdint>

#include "espalier/plugin/export.h"
#include "espalier/space/architecture.h"

namespace espalier {

class SearchSpace;

/// [any-thread] A hash of the network that an architecture stands for. It is the same for architectures whose
/// networks differ at most in the order of their nodes and in parts without effect, such as operations that
/// lead nowhere and skip connections in a row: these are one network in different strings. Throws what
/// SearchSpace::instantiate() and flatten() throw.
ESPALIER_EXPORT std::uint64_t network_hash(const SearchSpace& space, const Architecture& architecture);

}  // namespace espalier
