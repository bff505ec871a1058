#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "espalier/config/config.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/plugin/plugin_kinds.h"

namespace espalier {
struct PluginDescriptor;
}  // namespace espalier

namespace espalier::host {

class LayerOwners;

/// One plugin file as its ELF section tells, none of its code run.
struct PluginFile {
  std::string kind;
  std::string name;
  std::string version;
  std::string abi;
  std::filesystem::path file;
  std::string problem;  ///< why it would be refused ("was built for …"); empty when it would load
  std::string remedy;   ///< what to do about the problem
};

/// A plugin whose library is in this process.
struct LoadedPlugin {
  const PluginDescriptor* descriptor = nullptr;  ///< what it exports
  std::string sha256;                            ///< of its file
};

/// What may load: the SHA-256 of a file by "KIND/NAME" of its plugin. None: whatever is found.
using PluginPins = std::map<std::string, std::string, std::less<>>;

/// Finds plugins by kind and name in a list of folders and loads those that are asked for, never
/// unloading any. May be used from several threads at once.
class ESPALIER_EXPORT PluginRegistry {
 public:
  /// Folders are searched in this order; ones that do not exist are passed over, except in messages. Where
  /// there are pins, no other plugin loads.
  explicit PluginRegistry(std::vector<std::filesystem::path> folders, PluginPins pins = {});
  ~PluginRegistry();

  /// `extra` (config, command line), then ESPALIER_PLUGIN_PATH (colon-separated), then the plugins
  /// beside the program: lib/espalier/plugins of the tree that libespalier_host stands in.
  static std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& extra = {});

  /// Every *.so of the folders as it was when the registry was made, each file once, sorted by kind and
  /// name; duplicates, mismatches and files that are no plugin carry their `problem`, the last no kind.
  std::vector<PluginFile> list() const;
  /// Why a file would (not) load; an unreadable or foreign file has a `problem` too. `check_loading` goes on
  /// to load one that has none, in a child process: a missing symbol, a crash or a hang there is its problem.
  /// Then call it while the process has one thread.
  static PluginFile check(const std::filesystem::path& file, bool check_loading = true,
                          std::chrono::duration<double> time_limit = std::chrono::seconds(30));
  /// The SHA-256 of a file, 64 hexadecimal digits: what a pin holds. Throws Error when it cannot be read.
  static std::string hash(const std::filesystem::path& file);

  /// Creates a plugin, `registry.make<Optimizer>("gdas")`, and checks that it read every option of `config`.
  /// Throws UsageError for an unknown name (what exists, what is nearest, where it looked) and for a plugin
  /// without a pin; Error naming the file when it is refused, does not load or its constructor throws; and
  /// Error naming two files when a space brings a layer with the name of another space's layer.
  template <class Interface>
  std::unique_ptr<Interface> make(const std::string& name, const Config& config = {}) {
    std::unique_ptr<Plugin> plugin = make(plugin_kind<Interface>, name, config);
    auto* const made = dynamic_cast<Interface*>(plugin.get());
    if (made == nullptr) refuse_interface(*plugin, plugin_kind<Interface>);
    (void)plugin.release();  // NOLINT(bugprone-unused-return-value): `made` owns it now
    return std::unique_ptr<Interface>(made);
  }
  /// The same for a kind that is known only when the program runs, one of plugin_kinds().
  std::unique_ptr<Plugin> make(const std::string& kind, const std::string& name, const Config& config = {});

  /// Of a plugin that this registry has loaded; empty for another.
  std::string loaded_hash(const std::string& kind, const std::string& name) const;

 private:
  const PluginFile& find(const std::string& kind, const std::string& name, const Config& config) const;
  std::string pin_of(const PluginFile& file, const Config& config) const;
  [[noreturn]] static void refuse_interface(const Plugin& plugin, const std::string& kind);
  const PluginDescriptor& descriptor(const PluginFile& file, const Config& config);

  std::vector<std::filesystem::path> folders_;
  PluginPins pins_;
  std::vector<PluginFile> files_;
  mutable std::mutex mutex_;                                 ///< of what follows
  std::map<std::string, LoadedPlugin, std::less<>> loaded_;  ///< by "KIND/NAME"
  std::unique_ptr<LayerOwners> layers_;
};

}  // namespace espalier::host
