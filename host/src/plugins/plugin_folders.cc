#include "plugins/plugin_folders.h"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <cstdlib>
#include <string>

#include "espalier/host/plugins/plugin_registry.h"
#include "plugins/boost_dll.h"

namespace espalier::host {

std::vector<std::filesystem::path> folders_of_variable(const char* name) {
  std::vector<std::filesystem::path> folders;
  const char* const variable = std::getenv(name);
  if (variable == nullptr) return folders;
  std::vector<std::string> parts;
  boost::split(parts, std::string(variable), boost::is_any_of(":"));
  for (const std::string& part : parts) {
    if (!part.empty()) folders.emplace_back(part);
  }
  return folders;
}

const std::filesystem::path& own_library() {
  static const std::filesystem::path library =
      std::filesystem::weakly_canonical(boost::dll::this_line_location());
  return library;
}

std::filesystem::path own_plugin_folder() { return own_library().parent_path() / "espalier" / "plugins"; }

std::vector<std::filesystem::path> PluginRegistry::search_path(
    const std::vector<std::filesystem::path>& extra) {
  std::vector<std::filesystem::path> folders = extra;
  const auto named = folders_of_variable("ESPALIER_PLUGIN_PATH");
  folders.insert(folders.end(), named.begin(), named.end());
  folders.push_back(own_plugin_folder());
  return folders;
}

}  // namespace espalier::host
