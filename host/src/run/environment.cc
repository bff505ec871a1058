#include "run/environment.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <boost/version.hpp>
#include <string_view>
#include <thread>

#include "espalier/files/read_file.h"
#include "espalier/plugin/abi.h"
#include "files/sealed_json.h"
#include "plugins/plugin_folders.h"

namespace espalier::host {
namespace {

/// The text behind `separator` in the first line that begins with `key`. A stream's getline() would take
/// memory that ran out for the end of the file.
std::string value_in(const char* file, std::string_view key, char separator) {
  if (::access(file, R_OK) != 0) return "unknown";
  const std::string text = read_file(file).value_or("");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    const std::size_t separated = line.find(separator);
    if (!line.starts_with(key) || separated == line.npos) continue;
    const std::string_view value = line.substr(separated + 1);
    const std::size_t first = value.find_first_not_of(" \t\"");
    return std::string(
        first == value.npos ? "" : value.substr(first, value.find_last_not_of(" \t\"") + 1 - first));
  }
  return "unknown";
}

std::string kernel() {
  utsname names{};
  if (uname(&names) != 0) return "unknown";
  return fmt::format("{} {} {}", names.sysname, names.release, names.machine);
}

std::string version_of(const PluginRegistry& registry, const std::string& kind, const std::string& name) {
  for (const PluginFile& plugin : registry.list()) {
    if (plugin.kind == kind && plugin.name == name) return plugin.version;
  }
  return "unknown";
}

/// The folders that were named, without that of this installation: another one has its own.
OrderedJson folders(const PluginRegistry& registry) {
  std::vector<std::string> names;
  for (const std::filesystem::path& folder : registry.folders()) {
    const std::string name = std::filesystem::absolute(folder).string();
    if (folder != own_plugin_folder() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

OrderedJson versions(const std::vector<NamedPlugin>& plugins, const PluginRegistry& registry) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [kind, name] : plugins)
    json[fmt::format("{}/{}", kind, name)] = version_of(registry, kind, name);
  return json;
}

/// Of the LibTorch that plugins are built with, where there is one.
OrderedJson libtorch() {
#ifdef ESPALIER_HOST_TORCH_VERSION
  return ESPALIER_HOST_TORCH_VERSION;
#else
  return nullptr;
#endif
}

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#else
  return "GCC " __VERSION__;
#endif
}

}  // namespace

std::string environment(const std::vector<NamedPlugin>& plugins, const PluginRegistry& registry) {
  const OrderedJson json = {
      {"espalier", ESPALIER_VERSION},
      {"abi", ESPALIER_ABI_TAG},
      {"plugin_path", folders(registry)},
      {"plugins_required", registry.pins()},
      {"plugins", versions(plugins, registry)},
      {"compiler", compiler()},
      {"boost", BOOST_LIB_VERSION},
      {"libtorch", libtorch()},
      {"cpu", value_in("/proc/cpuinfo", "model name", ':')},
      {"cores", std::thread::hardware_concurrency()},
      {"os", value_in("/etc/os-release", "PRETTY_NAME", '=')},
      {"kernel", kernel()},
  };
  return seal(json);
}

}  // namespace espalier::host
