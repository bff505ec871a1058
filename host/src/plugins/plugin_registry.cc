#include "espalier/host/plugins/plugin_registry.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/plugin/reads_files.h"
#include "files/hashed_file.h"
#include "plugins/load_in_child.h"
#include "plugins/plugin_file.h"
#include "plugins/plugin_library.h"

namespace espalier::host {
namespace {

constexpr const char* kMisspelt =
    "correct the name; a plugin of your own is found in a folder that --plugin-path or plugin_path names; "
    "`espalier plugins` lists all";
constexpr const char* kWhereToPut =
    "put its .so into one of these folders or add a folder with plugin_path or ESPALIER_PLUGIN_PATH; "
    "`espalier plugins` lists all";

std::string pin_key(const std::string& kind, const std::string& name) { return kind + "/" + name; }

std::string shown(const std::vector<std::filesystem::path>& folders) {
  std::vector<std::string> names;
  for (const auto& folder : folders) {
    std::error_code ignored;
    const bool found = std::filesystem::is_directory(folder, ignored);
    names.push_back(folder.string() + (found ? "" : " (no such folder)"));
  }
  return names.empty() ? "no folder" : join_names(names);
}

void check_kind(const std::string& kind) {
  const auto kinds = plugin_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return;
  throw UsageError({.what = fmt::format("no kind of plugin named '{}'", kind),
                    .expected = "one of " + join_names(kinds),
                    .nearest = nearest(kind, kinds)});
}

// A file that says nothing of itself may still be the one that was meant: by its own name.
std::string remedy_for(const std::string& kind, const std::string& name, const std::string& near,
                       const std::vector<PluginFile>& files) {
  for (const PluginFile& file : files) {
    if (file.name == name && file.kind != kind && !file.kind.empty())
      return fmt::format("'{}' is a plugin of the kind {}; name a {}", name, spoken_kind(file.kind),
                         spoken_kind(kind));
  }
  for (const PluginFile& file : files) {
    if (file.name.empty() && file.file.stem() == name) {
      return fmt::format("{} {}; {}", file.file.string(), file.problem, file.remedy);
    }
  }
  return near.empty() ? kWhereToPut : kMisspelt;
}

}  // namespace

PluginRegistry::PluginRegistry(std::vector<std::filesystem::path> folders, PluginPins pins)
    : folders_(std::move(folders)), pins_(std::move(pins)), files_(find_plugin_files(folders_)) {}

PluginRegistry::~PluginRegistry() = default;

std::vector<PluginFile> PluginRegistry::list() const { return files_; }

PluginFile PluginRegistry::check(const std::filesystem::path& file, bool check_loading,
                                 std::chrono::duration<double> time_limit) {
  PluginFile plugin = read_plugin_file(file);
  if (plugin.problem.empty() && check_loading) load_in_child(plugin, time_limit);
  return plugin;
}

std::string PluginRegistry::hash(const std::filesystem::path& file) { return HashedFile(file).sha256(); }

const PluginFile& PluginRegistry::find(const std::string& kind, const std::string& name,
                                       const Config& config) const {
  check_kind(kind);
  std::vector<std::string> names;
  for (const PluginFile& file : files_) {
    if (file.kind == kind) names.push_back(file.name);
    if (file.kind != kind || file.name != name) continue;
    if (file.problem.empty()) return file;
    throw Error(
        {.what = fmt::format("{} '{}' is refused: its file {}", spoken_kind(kind), name, file.problem),
         .where = file.file.string(),
         .remedy = file.remedy});
  }
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::string near = nearest(name, names);
  throw UsageError({.what = fmt::format("no {} named '{}' in {}", spoken_kind(kind), name, shown(folders_)),
                    .where = to_string(config.where("")),
                    .expected = names.empty() ? fmt::format("there is no {} at all", spoken_kind(kind))
                                              : "one of " + join_names(names),
                    .nearest = near,
                    .remedy = remedy_for(kind, name, near, files_)});
}

std::string PluginRegistry::pin_of(const PluginFile& file, const Config& config) const {
  if (pins_.empty()) return {};
  const std::string key = pin_key(file.kind, file.name);
  if (const auto pin = pins_.find(key); pin != pins_.end()) return pin->second;
  throw UsageError({.what = fmt::format("{} '{}' is not among the plugins that the config requires",
                                        spoken_kind(file.kind), file.name),
                    .where = to_string(config.where("")),
                    .expected = fmt::format("{}: its SHA-256, under plugins.require", key),
                    .remedy = "take its line of `espalier plugins --hashes` over"});
}

const PluginDescriptor& PluginRegistry::descriptor(const PluginFile& file, const Config& config) {
  const std::lock_guard lock(mutex_);
  LoadedPlugin& loaded = loaded_[pin_key(file.kind, file.name)];
  if (loaded.descriptor == nullptr) {
    loaded = load_plugin(file, pin_of(file, config));
    spdlog::debug("loaded the {} '{}' {} from {}", spoken_kind(file.kind), file.name, file.version,
                  file.file.string());
  }
  return *loaded.descriptor;
}

std::string PluginRegistry::loaded_hash(const std::string& kind, const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto loaded = loaded_.find(pin_key(kind, name));
  return loaded == loaded_.end() ? "" : loaded->second.sha256;
}

std::unique_ptr<Plugin> PluginRegistry::make(const std::string& kind, const std::string& name,
                                             const Config& config) {
  const PluginFile& file = find(kind, name, config);
  config.set_owner({.kind = kind, .name = name}, *this);
  std::unique_ptr<Plugin> plugin = construct_plugin(descriptor(file, config), file, config);
  config.reject_unknown();
  note_files(pin_key(kind, name), *plugin);
  return plugin;
}

void PluginRegistry::note_files(const std::string& key, const Plugin& plugin) {
  const auto* const reader = ability<const ReadsFiles>(plugin);
  if (reader == nullptr) return;
  try {
    for (const std::filesystem::path& file :
         call_plugin(plugin, "files()", [&] { return reader->files(); })) {
      const std::lock_guard lock(mutex_);
      std::string& hash = files_read_[key][file];
      if (hash.empty()) hash = HashedFile(file).sha256();
    }
  } catch (const Error&) {
    const std::lock_guard lock(mutex_);
    std::erase_if(files_read_[key], [](const auto& file) { return file.second.empty(); });
    // One is missing: the plugin says so when it is to read it, and not to whoever only asks for its options.
  }
}

std::map<std::string, std::map<std::filesystem::path, std::string>> PluginRegistry::files_read() const {
  const std::lock_guard lock(mutex_);
  return files_read_;
}

}  // namespace espalier::host
