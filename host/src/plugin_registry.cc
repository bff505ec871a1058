#include "espalier/host/plugin_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "espalier/benchmark.h"
#include "espalier/dataset.h"
#include "espalier/errors.h"
#include "espalier/nearest.h"
#include "espalier/optimizer.h"
#include "espalier/search_space.h"
#include "espalier/trainer.h"
#include "plugin_file.h"
#include "plugin_library.h"

namespace espalier::host {
namespace {

constexpr const char* kWhereToPut =
    "put its .so into one of these folders or add a folder with plugin_path or ESPALIER_PLUGIN_PATH; "
    "`espalier plugins` lists all";

std::string spoken(const std::string& kind) { return kind == "search_space" ? "search space" : kind; }

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
  const auto& kinds = PluginRegistry::kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return;
  throw UsageError({.what = fmt::format("no kind of plugin named '{}'", kind),
                    .expected = "one of " + join_names(kinds),
                    .nearest = nearest(kind, kinds)});
}

// A file that says nothing of itself may still be the one that was meant: by its own name.
std::string remedy_for(const std::string& name, const std::vector<PluginFile>& files) {
  for (const PluginFile& file : files) {
    if (file.name.empty() && file.file.stem() == name) {
      return fmt::format("{} {}; {}", file.file.string(), file.problem, file.remedy);
    }
  }
  return kWhereToPut;
}

template <class Interface>
std::unique_ptr<Interface> as(std::unique_ptr<Plugin> plugin, const std::string& kind) {
  auto* const typed = dynamic_cast<Interface*>(plugin.get());
  if (typed == nullptr) {
    throw Error({.what = fmt::format("plugin '{}' is no {}", plugin->name(), spoken(kind)),
                 .remedy = "use the macro of its kind, of espalier/plugin.h"});
  }
  plugin.release();  // NOLINT(bugprone-unused-return-value): `typed` owns it now
  return std::unique_ptr<Interface>(typed);
}

}  // namespace

PluginRegistry::PluginRegistry(std::vector<std::filesystem::path> folders)
    : folders_(std::move(folders)), files_(find_plugin_files(folders_)) {}

PluginRegistry::~PluginRegistry() = default;

const std::vector<std::string>& PluginRegistry::kinds() {
  static const std::vector<std::string> kinds{"search_space", "optimizer", "benchmark", "trainer", "dataset"};
  return kinds;
}

std::vector<PluginFile> PluginRegistry::list() const { return files_; }

PluginFile PluginRegistry::check(const std::filesystem::path& file, bool check_loading) {
  PluginFile plugin = read_plugin_file(file);
  if (!plugin.problem.empty() || !check_loading) return plugin;
  try {
    load_plugin(plugin);
  } catch (const Error& error) {
    plugin.problem = error.details().what;
    plugin.remedy = error.details().remedy;
  }
  return plugin;
}

const PluginFile& PluginRegistry::find(const std::string& kind, const std::string& name,
                                       const Config& config) const {
  check_kind(kind);
  std::vector<std::string> names;
  for (const PluginFile& file : files_) {
    if (file.kind == kind) names.push_back(file.name);
    if (file.kind != kind || file.name != name) continue;
    if (file.problem.empty()) return file;
    throw Error({.what = fmt::format("{} '{}' is refused: its file {}", spoken(kind), name, file.problem),
                 .where = file.file.string(),
                 .remedy = file.remedy});
  }
  names.erase(std::unique(names.begin(), names.end()), names.end());
  throw UsageError({.what = fmt::format("no {} named '{}' in {}", spoken(kind), name, shown(folders_)),
                    .where = to_string(config.where("")),
                    .expected = names.empty() ? fmt::format("there is no {} at all", spoken(kind))
                                              : "one of " + join_names(names),
                    .nearest = nearest(name, names),
                    .remedy = remedy_for(name, files_)});
}

const PluginDescriptor& PluginRegistry::descriptor(const PluginFile& file) {
  const std::lock_guard lock(mutex_);
  const PluginDescriptor*& loaded = loaded_[{file.kind, file.name}];
  if (loaded == nullptr) loaded = &load_plugin(file);
  return *loaded;
}

std::unique_ptr<Plugin> PluginRegistry::create(const std::string& kind, const std::string& name,
                                               const Config& config) {
  const PluginFile& file = find(kind, name, config);
  std::unique_ptr<Plugin> plugin = construct_plugin(descriptor(file), file, config);
  plugin->set_name(name);
  config.reject_unknown();
  return plugin;
}

std::unique_ptr<SearchSpace> PluginRegistry::search_space(const std::string& name, const Config& config) {
  return as<SearchSpace>(create("search_space", name, config), "search_space");
}

std::unique_ptr<Optimizer> PluginRegistry::optimizer(const std::string& name, const Config& config) {
  return as<Optimizer>(create("optimizer", name, config), "optimizer");
}

std::unique_ptr<Benchmark> PluginRegistry::benchmark(const std::string& name, const Config& config) {
  return as<Benchmark>(create("benchmark", name, config), "benchmark");
}

std::unique_ptr<Trainer> PluginRegistry::trainer(const std::string& name, const Config& config) {
  return as<Trainer>(create("trainer", name, config), "trainer");
}

std::unique_ptr<Dataset> PluginRegistry::dataset(const std::string& name, const Config& config) {
  return as<Dataset>(create("dataset", name, config), "dataset");
}

}  // namespace espalier::host
