#pragma once

namespace espalier::testing {

/// Whether this is a build with sanitizers. Their macros do not say so here: only what is tested is
/// instrumented.
#ifdef ESPALIER_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// How often a property is tried: `all` times, or a tenth of that with sanitizers, which take ten times as
/// long and find their faults in the first cases.
constexpr int repetitions(int all) { return kSanitized ? (all + 9) / 10 : all; }

}  // namespace espalier::testing
