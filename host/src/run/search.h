#pragma once

#include <cstdint>

#include "espalier/host/config/component.h"

namespace espalier::host {

/// One optimizer with one seed.
struct Search {
  const Component* optimizer;
  std::uint64_t seed;
};

}  // namespace espalier::host
