#include "run/environment.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <boost/version.hpp>
#include <thread>

#include "espalier/plugin/abi.h"
#include "files/sealed_json.h"
#include "plugins/plugin_folders.h"
#include "run/machine.h"

namespace espalier::host {
namespace {

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
  for (const NamedPlugin& plugin : plugins)
    json[plugin.id()] = version_of(registry, plugin.kind, plugin.name);
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
