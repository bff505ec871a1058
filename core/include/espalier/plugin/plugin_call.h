#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"

namespace espalier {

/// A mistake in a plugin: it threw what is no Error.
class ESPALIER_EXPORT PluginFailure : public Error {
 public:
  using Error::Error;
  ~PluginFailure() override;
};

/// Says, while it lives, which function of a plugin this thread is in.
class ESPALIER_EXPORT PluginCall {
 public:
  /// Both are the caller's, and outlive it.
  PluginCall(const std::string& origin, std::string_view call) noexcept;
  ~PluginCall();
  PluginCall(const PluginCall&) = delete;
  PluginCall& operator=(const PluginCall&) = delete;

  const std::string& origin() const { return origin_; }
  std::string_view call() const { return call_; }

  /// The innermost one of this thread; null where it is in none.
  static const PluginCall* current() noexcept;

 private:
  const std::string& origin_;
  std::string_view call_;
  const PluginCall* outer_;
};

/// Throws the exception that is being handled, as one that says whose it is: an Error without a place gains
/// `origin` as its place; what is no Error becomes a PluginFailure that names `origin` and `call` ("ask()").
/// All else, such as Interrupted, stays what it is.
[[noreturn]] ESPALIER_EXPORT void rethrow_from_plugin(const std::string& origin, std::string_view call);

/// Calls a function of a plugin: whatever leaves it is an Error that names the plugin, its file and the call.
/// The interfaces do so where they call a plugin's own function; whoever calls one that is public and virtual
/// does it himself.
template <class Function>
decltype(auto) call_plugin(const Plugin& plugin, std::string_view call, Function&& function) {
  try {
    const PluginCall entered(plugin.origin(), call);
    return std::forward<Function>(function)();
  } catch (...) {
    rethrow_from_plugin(plugin.origin(), call);
  }
}

}  // namespace espalier
