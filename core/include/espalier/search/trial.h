#pragma once

#include <cstdint>
#include <utility>

#include "espalier/space/architecture.h"

namespace espalier {

/// How much is spent on a trial: epochs of training. 0 where the objectives depend on no epochs.
using Fidelity = int;

/// What an optimizer asks about. Two trials of one architecture at different fidelities are two trials.
struct Trial {
  std::uint64_t id = 0;  ///< counts from 1, in the order of the asks
  Architecture architecture;
  Fidelity fidelity = 0;   ///< one of SearchProblem::fidelities; 0 where that is empty
  std::uint64_t seed = 0;  ///< of the search that asks
};

/// What a plugin proposes for a trial: an architecture alone, which is tried at full fidelity, or one with a
/// fidelity of SearchProblem::fidelities.
struct Proposal {
  static constexpr Fidelity kFull = 0;

  Proposal(Architecture proposed, Fidelity at = kFull)  // NOLINT(google-explicit-constructor)
      : architecture(std::move(proposed)), fidelity(at) {}

  Architecture architecture;
  Fidelity fidelity;
};

}  // namespace espalier
