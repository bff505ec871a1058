#pragma once

#include <memory>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/plugin/plugin_kinds.h"

namespace espalier {

/// Throws the Error of a plugin that does not implement the interface of its kind.
[[noreturn]] ESPALIER_EXPORT void refuse_interface(const Plugin& plugin, const char* kind);

/// [any-thread] The plugin as its interface; null stays null. Throws Error when it does not implement it.
template <class Interface>
std::unique_ptr<Interface> plugin_cast(std::unique_ptr<Plugin> plugin) {
  auto* const made = dynamic_cast<Interface*>(plugin.get());
  if (plugin && made == nullptr) refuse_interface(*plugin, plugin_kind<Interface>);
  (void)plugin.release();  // NOLINT(bugprone-unused-return-value): `made` owns it now
  return std::unique_ptr<Interface>(made);
}

}  // namespace espalier
