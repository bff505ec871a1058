#pragma once

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier {

/// The ability of a trainer or a benchmark to keep all cores busy with a single search, training or trial. A
/// run then does these one after another.
class ESPALIER_EXPORT UsesAllCores {
 public:
  /// [any-thread] Whether it does so under its options.
  virtual bool uses_all_cores() const = 0;

 protected:
  ~UsesAllCores() = default;
};

/// [any-thread] Whether the plugin has the ability and uses all cores.
inline bool uses_all_cores(const Plugin& plugin) {
  const auto* const busy = ability<const UsesAllCores>(plugin);
  return busy != nullptr && call_plugin(plugin, "uses_all_cores()", [&] { return busy->uses_all_cores(); });
}

}  // namespace espalier
