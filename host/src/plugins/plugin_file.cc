#include "plugins/plugin_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <set>
#include <system_error>
#include <tuple>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/plugin/plugin_kinds.h"
#include "plugins/abi_check.h"
#include "plugins/elf_check.h"
#include "plugins/plugin_section.h"
#include "plugins/plugin_trust.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

void refuse(PluginFile& plugin, std::string problem, std::string remedy) {
  plugin.problem = std::move(problem);
  plugin.remedy = std::move(remedy);
}

void read_section(PluginFile& plugin) {
  const std::vector<std::string> sections = plugin_section_names(plugin.file);
  if (sections.empty()) {
    return refuse(
        plugin, "is not an Espalier plugin: it has no plugin section",
        "end the plugin's source with its macro, such as ESPALIER_OPTIMIZER(name, Class, \"1.0.0\")");
  }
  const PluginSection section = parse_plugin_section(sections.front());
  plugin.kind = section.kind;
  plugin.name = section.name;
  plugin.version = section.version;
  plugin.abi = section.abi;
  if (sections.size() > 1) {
    return refuse(plugin, fmt::format("has {} plugin sections where one belongs", sections.size()),
                  "build a separate library for each plugin");
  }
  if (std::string problem = abi_problem(section.abi); !problem.empty())
    return refuse(plugin, std::move(problem), "rebuild it against the SDK of this host");
  const auto kinds = plugin_kinds();
  if (std::find(kinds.begin(), kinds.end(), section.kind) == kinds.end()) {
    refuse(plugin, fmt::format("is of the unknown kind '{}' (known: {})", section.kind, join_names(kinds)),
           "use a macro of espalier/plugin/plugin.h");
  }
}

std::set<fs::path> libraries(const std::vector<fs::path>& folders) {
  std::set<fs::path> files;
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      std::error_code ignored;
      const fs::path& file = entry->path();
      if (file.extension() != ".so" || entry->is_directory(ignored)) continue;
      const fs::path canonical = fs::canonical(file, ignored);
      files.insert(ignored ? fs::absolute(file) : canonical);
    }
  }
  return files;
}

void mark_duplicates(std::vector<PluginFile>& plugins) {
  const auto same = [](const PluginFile& a, const PluginFile& b) {
    return !a.name.empty() && a.kind == b.kind && a.name == b.name;
  };
  for (PluginFile& plugin : plugins) {
    const auto other = std::find_if(plugins.begin(), plugins.end(), [&](const PluginFile& candidate) {
      return same(candidate, plugin) && candidate.file != plugin.file;
    });
    if (other == plugins.end() || !plugin.problem.empty()) continue;
    refuse(plugin, fmt::format("offers the same plugin as {}", other->file.string()),
           "remove one of the two files, or rename one of the plugins");
  }
}

}  // namespace

PluginFile read_plugin_file(const fs::path& file) {
  PluginFile plugin;
  plugin.file = file;
  if (std::string problem = elf_problem(file); !problem.empty()) {
    refuse(plugin, std::move(problem),
           "name a plugin file that you may read, or build it (again) on this machine");
    return plugin;
  }
  try {
    read_section(plugin);
    if (!plugin.problem.empty()) return plugin;
    if (auto found = distrust(file)) refuse(plugin, std::move(found->problem), std::move(found->remedy));
  } catch (const Error& error) {
    refuse(plugin, error.details().what, "use a macro of espalier/plugin/plugin.h");
  } catch (const std::exception& error) {
    refuse(plugin, fmt::format("cannot be read: {}", error.what()), "build the plugin again");
  }
  return plugin;
}

std::vector<PluginFile> find_plugin_files(const std::vector<fs::path>& folders) {
  std::vector<PluginFile> plugins;
  for (const fs::path& file : libraries(folders)) plugins.push_back(read_plugin_file(file));
  mark_duplicates(plugins);
  std::stable_sort(plugins.begin(), plugins.end(), [](const PluginFile& a, const PluginFile& b) {
    return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
  });
  return plugins;
}

}  // namespace espalier::host
