#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"

namespace espalier {

/// A mistake in a plugin: it threw something other than an Error, or returned an unusable value.
class ESPALIER_EXPORT PluginFailure : public Error {
 public:
  using Error::Error;
  ~PluginFailure() override;
};

/// Throws the PluginFailure of a mistake that only the plugin's author can mend: what was wrong, and what was
/// expected.
[[noreturn]] ESPALIER_EXPORT void throw_plugin_mistake(const Plugin& plugin, std::string what,
                                                       std::string expected);

/// Records, while it lives, that this thread is inside a function of a plugin. Calls may nest. When it ends,
/// floating point numbers are rounded as before, whatever the plugin set; and a process that the plugin
/// forked ends here, because what follows is its parent's work.
class ESPALIER_EXPORT PluginCall {
 public:
  /// `origin` and `call` must outlive this object.
  PluginCall(const std::string& origin, std::string_view call) noexcept
      : origin_(origin), call_(call), outer_(innermost_) {
    innermost_ = this;
    enter();
  }
  ~PluginCall() {
    leave();
    innermost_ = outer_;
  }
  PluginCall(const PluginCall&) = delete;
  PluginCall& operator=(const PluginCall&) = delete;

  const std::string& origin() const { return origin_; }
  std::string_view call() const { return call_; }

  /// [any-thread] The innermost call of this thread; null when the thread is not inside a plugin.
  static const PluginCall* current() noexcept { return innermost_; }

 private:
  void enter() noexcept;
  void leave() noexcept;

  /// Every call of a plugin's function changes it: by its fixed place in a thread's memory that takes one
  /// instruction, not a call of the dynamic loader. A pointer finds room there even in a library that is
  /// loaded late.
  [[gnu::tls_model("initial-exec")]] static constinit thread_local const PluginCall* innermost_;

  const std::string& origin_;
  std::string_view call_;
  const PluginCall* outer_;
  unsigned rounding_ = 0;
  unsigned forks_ = 0;
};

/// Rethrows the exception that is being handled, so that it names the plugin. An Error or UsageError without
/// a place gets `origin` as its place; derived errors such as Interrupted, and errors with a place, stay as
/// they are. Memory that ran out becomes an Error, and any other exception a PluginFailure, which names
/// `origin` and `call` ("ask()").
[[noreturn]] ESPALIER_EXPORT void rethrow_from_plugin(const std::string& origin, std::string_view call);

/// Calls a function of a plugin, and makes an Error that names the plugin, its file and the call out of
/// whatever the function throws. The interfaces wrap their calls of a plugin's hooks in it; whoever calls a
/// public virtual function of a plugin must wrap the call.
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
