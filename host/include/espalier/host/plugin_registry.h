#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "espalier/config.h"
#include "espalier/export.h"
#include "espalier/plugin_base.h"

namespace espalier {
struct PluginDescriptor;
class Benchmark;
class Dataset;
class Optimizer;
class SearchSpace;
class Trainer;
}  // namespace espalier

namespace espalier::host {

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

/// Finds plugins by kind and name in a list of folders and loads those that are asked for, never
/// unloading any. May be used from several threads at once.
class ESPALIER_EXPORT PluginRegistry {
 public:
  /// Folders are searched in this order; ones that do not exist are passed over, except in messages.
  explicit PluginRegistry(std::vector<std::filesystem::path> folders);
  ~PluginRegistry();

  /// `extra` (config, command line), then ESPALIER_PLUGIN_PATH (colon-separated), then the plugins
  /// beside the program: lib/espalier/plugins of the tree that libespalier_host stands in.
  static std::vector<std::filesystem::path> search_path(const std::vector<std::filesystem::path>& extra = {});

  /// Every *.so of the folders as it was when the registry was made, each file once, sorted by kind and
  /// name; duplicates, mismatches and files that are no plugin carry their `problem`, the last no kind.
  std::vector<PluginFile> list() const;
  /// Why a file would (not) load. Loads nothing; an unreadable or foreign file has a `problem` too.
  /// `check_loading` goes on to load a file that has none and reports missing symbols.
  static PluginFile check(const std::filesystem::path& file, bool check_loading = true);

  /// Creates a plugin and checks that it read every option of `config`. Throws UsageError for an unknown name
  /// (what exists, what is nearest, where it looked), Error naming the file where it is refused, does
  /// not load or its constructor throws something else than Error.
  std::unique_ptr<SearchSpace> search_space(const std::string& name, const Config& config = {});
  std::unique_ptr<Optimizer> optimizer(const std::string& name, const Config& config = {});
  std::unique_ptr<Benchmark> benchmark(const std::string& name, const Config& config = {});
  std::unique_ptr<Trainer> trainer(const std::string& name, const Config& config = {});
  std::unique_ptr<Dataset> dataset(const std::string& name, const Config& config = {});
  /// The same for any of `kinds()`.
  std::unique_ptr<Plugin> create(const std::string& kind, const std::string& name, const Config& config = {});

  /// "search_space", "optimizer", "benchmark", "trainer", "dataset".
  static const std::vector<std::string>& kinds();

 private:
  const PluginFile& find(const std::string& kind, const std::string& name, const Config& config) const;
  const PluginDescriptor& descriptor(const PluginFile& file);

  std::vector<std::filesystem::path> folders_;
  std::vector<PluginFile> files_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, const PluginDescriptor*> loaded_;
};

}  // namespace espalier::host
