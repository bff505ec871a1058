#include "espalier/host/plugins/exit_guard.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "espalier/plugin/plugin_call.h"
#include "plugins/exit_watch.h"

namespace espalier::host {
namespace {

std::atomic<int> guards = 0;

extern "C" void end_as_failure() {
  if (guards == 0) return;
  const PluginCall* const call = PluginCall::current();
  const std::string message =
      call == nullptr ? "espalier: a plugin ended the program\n"
                      : fmt::format(
                            "espalier: {}: the plugin's {} ended the program\n"
                            "  remedy:   this is a mistake in the plugin: report it to its author\n",
                            call->origin(), call->call());
  std::fflush(stdout);
  std::fputs(message.c_str(), stderr);
  std::_Exit(1);
}

}  // namespace

ExitGuard::ExitGuard() {
  ++guards;
  watch_exits();
}

ExitGuard::~ExitGuard() { --guards; }

void watch_exits() {
  // Functions run in the reverse order of their registration. Should there be no room for one more, the
  // earlier ones still stand.
  (void)std::atexit(end_as_failure);
}

}  // namespace espalier::host
