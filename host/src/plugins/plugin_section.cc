#include "plugins/plugin_section.h"

#include <algorithm>

#include "espalier/errors/errors.h"
#include "plugins/boost_dll.h"

namespace espalier::host {
namespace {

constexpr std::string_view kPrefix = ".espalier/";

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

PluginSection parse_plugin_section(std::string_view name) {
  const std::string_view text = name.substr(kPrefix.size());
  const std::size_t kind_end = text.find('/');
  const std::size_t name_end = kind_end == text.npos ? text.npos : text.find('/', kind_end + 1);
  const std::size_t abi_slash = text.rfind('/');
  if (!is_printable(text) || name_end == text.npos || abi_slash <= name_end) {
    throw Error({.what = "has a malformed plugin section"});
  }
  PluginSection section{std::string(text.substr(0, kind_end)),
                        std::string(text.substr(kind_end + 1, name_end - kind_end - 1)),
                        std::string(text.substr(name_end + 1, abi_slash - name_end - 1)),
                        std::string(text.substr(abi_slash + 1))};
  if (section.kind.empty() || section.name.empty() || section.abi.empty()) {
    throw Error({.what = "has a malformed plugin section"});
  }
  return section;
}

std::vector<std::string> plugin_section_names(const std::filesystem::path& file) {
  std::vector<std::string> names = boost::dll::library_info(file).sections();
  std::erase_if(names, [](const std::string& name) { return !name.starts_with(kPrefix); });
  return names;
}

}  // namespace espalier::host
