#include <algorithm>

#include "espalier/host/plugins/plugin_registry.h"
#include "fuzz.h"

/// A file among the plugins, read as `espalier plugins` does: none of its code runs.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier;
  static const fuzz::Folder folder;
  const auto file = folder.write("plugin.so", fuzz::text_of(data, size));
  const host::PluginFile plugin = host::PluginRegistry::check(file, /*check_loading=*/false);
  fuzz::require(plugin.problem.empty() == plugin.remedy.empty(), "a problem has a remedy");
  if (!plugin.problem.empty()) return 0;
  const auto kinds = plugin_kinds();
  fuzz::require(std::find(kinds.begin(), kinds.end(), plugin.kind) != kinds.end(),
                "a plugin is of a known kind");
  fuzz::require(!plugin.name.empty() && std::all_of(plugin.name.begin(), plugin.name.end(),
                                                    [](char c) { return c > ' ' && c <= '~'; }),
                "a plugin's name can be printed");
  return 0;
}
