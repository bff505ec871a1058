#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::host {

/// What the name of a plugin's section says: .espalier/KIND/NAME/VERSION/ABI.
struct PluginSection {
  std::string kind;
  std::string name;
  std::string version;
  std::string abi;
};

/// Throws Error when `name`, which begins with ".espalier/", is not of that form.
PluginSection parse_plugin_section(std::string_view name);

/// The names of the plugin sections of a file that elf_problem() has nothing against. Reads the file
/// only; throws std::exception when it changes meanwhile.
std::vector<std::string> plugin_section_names(const std::filesystem::path& file);

}  // namespace espalier::host
