#pragma once

namespace espalier::host {

/// To be called when a plugin has been loaded: what an ExitGuard does at an exit then comes before the
/// destruction of that library's global objects, which another thread may be using.
void watch_exits();

}  // namespace espalier::host
