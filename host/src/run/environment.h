#pragma once

#include <string>
#include <vector>

#include "espalier/host/plugins/plugin_registry.h"

namespace espalier::host {

struct NamedPlugin {
  std::string kind;
  std::string name;

  /// "optimizer/gdas"
  std::string id() const { return kind + "/" + name; }
};

/// The text of environment.json, sealed: what a run's results and speed may depend on beyond its config and
/// inputs, and where its plugins were looked for. No dates and times.
std::string environment(const std::vector<NamedPlugin>& plugins, const PluginRegistry& registry);

}  // namespace espalier::host
