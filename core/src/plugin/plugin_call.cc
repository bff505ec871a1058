#include "espalier/plugin/plugin_call.h"

#include <cxxabi.h>
#include <fmt/format.h>

#include <exception>
#include <new>
#include <typeinfo>
#include <utility>

#include "espalier/errors/quoted.h"
#include "plugin/end_process.h"

namespace espalier {
namespace {

/// Only of this very type: one derived from it would lose what it adds.
template <class AnyError>
bool lacks_place(const AnyError& error) {
  return error.details().where.empty() && typeid(error) == typeid(AnyError);
}

template <class AnyError>
AnyError placed(const AnyError& error, const std::string& origin) {
  ErrorDetails details = error.details();
  details.where = origin;
  return AnyError(std::move(details));
}

/// A plugin's own words, as a line that a terminal shows: LibTorch's go on with a backtrace.
std::string line_of(const char* what) {
  if (what == nullptr) return "it said nothing";
  constexpr std::size_t kLongest = 1000;
  const std::string_view text(what);
  const std::string line = quoted(text.substr(0, text.find('\n')), kLongest);
  return line.substr(1, line.size() - 2);
}

PluginFailure failure(const std::string& origin, std::string_view call, std::string_view why) {
  return PluginFailure(
      {.what = fmt::format("the plugin's {} failed: {}", call, why),
       .where = origin,
       .remedy = "unless memory or disk ran out, this is a mistake in the plugin: report it to its author"});
}

}  // namespace

PluginFailure::~PluginFailure() = default;

constinit thread_local const PluginCall* PluginCall::innermost_ = nullptr;

void throw_plugin_mistake(const Plugin& plugin, std::string what, std::string expected) {
  throw PluginFailure({.what = std::move(what),
                       .where = plugin.origin(),
                       .expected = std::move(expected),
                       .remedy = "this is a mistake in the plugin: report it to its author"});
}

// pthread_exit() unwinds the stack without an exception object: the reference that catches it is bound to
// null.
__attribute__((no_sanitize("undefined"))) void rethrow_from_plugin(const std::string& origin,
                                                                   std::string_view call) {
  try {
    throw;
  } catch (const abi::__forced_unwind&) {
    // The unwinding would pass everything that waits for this thread's work. The results so far are on disk.
    end_process(origin, call, "ended the thread that called it");
  } catch (const UsageError& error) {
    if (lacks_place(error)) throw placed(error, origin);
    throw;
  } catch (const Error& error) {
    if (lacks_place(error)) throw placed(error, origin);
    throw;
  } catch (const std::bad_alloc&) {
    throw Error({.what = fmt::format("the plugin's {} ran out of memory", call), .where = origin});
  } catch (const std::exception& error) {
    throw failure(origin, call, line_of(error.what()));
  } catch (...) {
    throw failure(origin, call, "it threw something that is no std::exception");
  }
}

}  // namespace espalier
