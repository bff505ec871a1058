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
#include "espalier/plugin/component_maker.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/plugin/plugin_cast.h"
#include "espalier/plugin/plugin_kinds.h"

namespace espalier {
struct PluginDescriptor;
}  // namespace espalier

namespace espalier::host {

/// What the ELF section of a plugin file says. None of its code has run.
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
  std::string sha256;                            ///< the hash of its file
};

/// Which plugins may load: the SHA-256 of the file by "KIND/NAME". When there are none, every plugin that is
/// found may.
using PluginPins = std::map<std::string, std::string, std::less<>>;

/// Finds plugins by kind and name in a list of folders and loads those that are asked for. It never unloads
/// one. All functions are [any-thread].
class ESPALIER_EXPORT PluginRegistry final : public ComponentMaker {
 public:
  /// Folders are searched in this order. Those that do not exist are skipped and appear only in messages.
  /// When there are pins, no other plugin loads.
  explicit PluginRegistry(std::vector<std::filesystem::path> folders, PluginPins pins = {});
  ~PluginRegistry() override;

  /// `extra` (from a config or the command line), then the folders of ESPALIER_PLUGIN_PATH (separated by
  /// colons), then lib/espalier/plugins of the tree that libespalier_host is in.
  static std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& extra = {});

  /// Every *.so of the folders as it was when the registry was made, each file once, sorted by kind and name.
  /// Duplicates, mismatches and files that are not plugins carry their `problem`; the last have no kind.
  std::vector<PluginFile> list() const;
  /// Whether a file would load, and otherwise why not; a file that cannot be read or is not a plugin has a
  /// `problem`, too. With `check_loading`, a file without a problem is loaded in a child process, and a
  /// missing symbol, a crash or a hang there becomes its problem. In that case call it while the process has
  /// only one thread.
  static PluginFile check(const std::filesystem::path& file, bool check_loading = true,
                          std::chrono::duration<double> time_limit = std::chrono::seconds(30));
  /// The SHA-256 of a file, 64 hexadecimal digits, as a pin holds it. Throws Error when the file cannot be
  /// read.
  static std::string hash(const std::filesystem::path& file);

  /// The file of a plugin, without loading it. Throws UsageError for an unknown kind or name (what exists,
  /// what is nearest, where it looked), and Error when the file is refused. Messages take the place from
  /// `config`.
  const PluginFile& find(const std::string& kind, const std::string& name, const Config& config = {}) const;
  /// Creates a plugin, `registry.make<Optimizer>("gdas")`, and checks that it read every option of `config`.
  /// Throws UsageError for an unknown name (what exists, what is nearest, where it looked) and for a plugin
  /// without a pin; Error naming the file when it is refused, does not load or its constructor throws; and
  /// Error naming two files when a space brings a layer with the name of another space's layer.
  template <class Interface>
  std::unique_ptr<Interface> make(const std::string& name, const Config& config = {}) {
    return plugin_cast<Interface>(make(plugin_kind<Interface>, name, config));
  }
  /// The same for a kind that is known only when the program runs, one of plugin_kinds().
  std::unique_ptr<Plugin> make(const std::string& kind, const std::string& name,
                               const Config& config = {}) override;

  /// The hash of a plugin that this registry has loaded; empty for any other.
  std::string loaded_hash(const std::string& kind, const std::string& name) const;
  /// The files that the plugins which it made take their answers from (ReadsFiles), by "KIND/NAME", each with
  /// its SHA-256 when the first of them was made.
  std::map<std::string, std::map<std::filesystem::path, std::string>> files_read() const;
  /// Which plugins may load.
  const PluginPins& pins() const { return pins_; }
  /// Where it looks for plugins.
  const std::vector<std::filesystem::path>& folders() const { return folders_; }

 private:
  std::string pin_of(const PluginFile& file, const Config& config) const;
  void note_files(const std::string& key, const Plugin& plugin);
  const PluginDescriptor& descriptor(const PluginFile& file, const Config& config);

  std::vector<std::filesystem::path> folders_;
  PluginPins pins_;
  std::vector<PluginFile> files_;
  mutable std::mutex mutex_;                                 ///< of what follows
  std::map<std::string, LoadedPlugin, std::less<>> loaded_;  ///< by "KIND/NAME"
  std::map<std::string, std::map<std::filesystem::path, std::string>> files_read_;
};

}  // namespace espalier::host
