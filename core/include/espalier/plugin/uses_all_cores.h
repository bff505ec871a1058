#pragma once

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier {

/// The ability of a trainer or a benchmark to keep all cores busy with one search, training or evaluation: a
/// run then does one after the other.
class ESPALIER_EXPORT UsesAllCores {
 public:
  virtual bool uses_all_cores() const = 0;

 protected:
  ~UsesAllCores() = default;
};

inline bool uses_all_cores(const Plugin& plugin) {
  const auto* const busy = ability<const UsesAllCores>(plugin);
  return busy != nullptr && call_plugin(plugin, "uses_all_cores()", [&] { return busy->uses_all_cores(); });
}

}  // namespace espalier
