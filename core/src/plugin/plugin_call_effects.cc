#include <cfenv>

#ifdef __SSE2__
#include <xmmintrin.h>
#endif

#include "espalier/plugin/plugin_call.h"
#include "plugin/end_process.h"
#include "plugin/forks.h"

// What a call of a plugin must not leave behind: another way of rounding, or a second process that goes on as
// if it were the first.
namespace espalier {
namespace {

#ifdef __SSE2__
/// Rounding, and whether numbers near 0 are taken for 0. The flags of what has happened are left out.
constexpr unsigned happened = 0x3f;
unsigned rounding() { return _mm_getcsr() & ~happened; }
void set_rounding(unsigned mode) {
  constexpr unsigned to_x87 = 3;  // the two bits lie lower there, and so do the constants of <cfenv>
  constexpr unsigned mask = FE_DOWNWARD | FE_UPWARD | FE_TOWARDZERO;
  std::fesetround(static_cast<int>(mode >> to_x87 & mask));
  _mm_setcsr(mode | (_mm_getcsr() & happened));
}
#else
unsigned rounding() { return static_cast<unsigned>(std::fegetround()); }
void set_rounding(unsigned mode) { std::fesetround(static_cast<int>(mode)); }
#endif

}  // namespace

void PluginCall::enter() noexcept {
  rounding_ = rounding();
  forks_ = times_forked();
}

void PluginCall::leave() noexcept {
  if (rounding() != rounding_) set_rounding(rounding_);
  if (times_forked() == forks_) return;
  end_process(origin_, call_, "started a process that did not end");
}

}  // namespace espalier
