#include "espalier/host/plugins/exit_guard.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "espalier/errors/quoted.h"
#include "espalier/plugin/plugin_call.h"
#include "plugins/exit_watch.h"
#include "plugins/plugin_on_stack.h"

namespace espalier::host {
namespace {

std::atomic<int> guards = 0;

[[noreturn]] void end_with(const std::string& what) {
  const PluginCall* const call = PluginCall::current();
  const std::string culprit = call != nullptr ? call->origin() : plugin_on_stack();
  const std::string part = call != nullptr ? fmt::format("the plugin's {}", call->call()) : "the plugin";
  const std::string message =
      culprit.empty() ? fmt::format("espalier: a plugin {}\n", what)
                      : fmt::format(
                            "espalier: {}: {} {}\n"
                            "  remedy:   this is a mistake in the plugin: report it to its author\n",
                            culprit, part, what);
  std::fflush(stdout);
  std::fputs(message.c_str(), stderr);
  std::_Exit(1);
}

extern "C" void end_as_failure() {
  if (guards > 0) end_with("ended the program");
}

[[noreturn]] void end_out_of_memory() {
  static constexpr std::string_view message = "espalier: out of memory\n";
  (void)!::write(STDERR_FILENO, message.data(), message.size());
  std::_Exit(1);
}

/// Of an exception that nothing caught, or of std::terminate() itself.
std::string why_terminated() {
  const std::exception_ptr error = std::current_exception();
  if (!error) return "called std::terminate()";
  try {
    std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    end_out_of_memory();  // nobody's mistake has to be named, and there is no memory to name it with
  } catch (const std::exception& exception) {
    constexpr std::size_t longest = 1000;
    return "let an exception escape on a thread or from a destructor: " +
           printable(exception.what(), longest);
  } catch (...) {
    return "let something escape on a thread or from a destructor that is no std::exception";
  }
}

void terminate() {
  if (guards == 0) std::abort();
  try {
    end_with(why_terminated());
  } catch (...) {
    end_out_of_memory();
  }
}

}  // namespace

ExitGuard::ExitGuard() {
  ++guards;
  std::set_terminate(terminate);
  watch_exits();
}

ExitGuard::~ExitGuard() { --guards; }

void watch_exits() {
  // Functions run in the reverse order of their registration. Should there be no room for one more, the
  // earlier ones still stand.
  (void)std::atexit(end_as_failure);
  (void)std::at_quick_exit(end_as_failure);
}

}  // namespace espalier::host
