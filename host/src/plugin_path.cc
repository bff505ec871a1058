#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <cstdlib>
#include <string>

#include "boost_dll.h"
#include "espalier/host/plugin_registry.h"

namespace espalier::host {

std::vector<std::filesystem::path> PluginRegistry::search_path(
    const std::vector<std::filesystem::path>& extra) {
  std::vector<std::filesystem::path> folders = extra;
  if (const char* variable = std::getenv("ESPALIER_PLUGIN_PATH"); variable != nullptr) {
    std::vector<std::string> parts;
    boost::split(parts, std::string(variable), boost::is_any_of(":"));
    for (const std::string& part : parts) {
      if (!part.empty()) folders.emplace_back(part);
    }
  }
  const std::filesystem::path library = std::filesystem::weakly_canonical(boost::dll::this_line_location());
  folders.push_back(library.parent_path() / "espalier" / "plugins");
  return folders;
}

}  // namespace espalier::host
