#include "run/training_key.h"

#include <fmt/format.h>

#include <algorithm>

#include "cache/cache_entry.h"
#include "directory/network_description.h"
#include "espalier/host/config/yaml.h"
#include "files/hashed_file.h"
#include "plugins/loaded_libraries.h"
#include "run/machine.h"

namespace espalier::host {
namespace {

/// What training learns from a dataset beside its images.
OrderedJson facts_of(const Dataset& dataset) {
  OrderedJson facts = input_to_json(dataset);
  facts["classes"] = class_names(dataset);
  facts["may_be_mirrored"] = dataset.may_be_mirrored();
  return facts;
}

/// Those of the space and the dataset, and `plugins`, by "KIND/NAME".
std::vector<std::string> all_that_train(const PreparedRun& run, const std::vector<NamedPlugin>& plugins) {
  std::vector<std::string> names;
  names.reserve(run.space_and_dataset.size() + plugins.size());
  for (const auto* const some : {&run.space_and_dataset, &plugins})
    for (const NamedPlugin& plugin : *some) names.push_back(plugin.id());
  return names;
}

}  // namespace

CacheKey cache_key(const TrainingKey& key) {
  return CacheKey({{"format", cache_format},
                   {"what", key.what},
                   {"espalier", key.version},
                   {"search_space", to_yaml(key.search_space)},
                   {"architecture", key.architecture},
                   {"plugin", key.plugin},
                   {"options", to_yaml(key.options)},
                   {"dataset", nlohmann::json(key.dataset)},
                   {"train_images", key.train_images},
                   {"test_images", key.test_images},
                   {"plugins", key.plugins},
                   {"files", key.files},
                   {"libraries", key.libraries},
                   {"machine", key.machine},
                   {"dependencies", key.dependencies},
                   {"seed", key.seed},
                   {"epochs", key.epochs}});
}

TrainingKey key_of_run(const PreparedRun& run, const RunRecord& record,
                       const std::vector<NamedPlugin>& plugins) {
  TrainingKey key;
  key.version = ESPALIER_VERSION;
  key.search_space = *run.resolved.find("search_space");
  key.dataset = facts_of(*run.dataset);
  key.train_images = record.images_sum(Split::train);
  key.test_images = record.images_sum(Split::test);
  key.libraries = loaded_libraries();
  key.machine = machine_arithmetic();
  const auto hashes = record.plugin_hashes();
  const auto files = record.file_hashes();
  for (const std::string& plugin : all_that_train(run, plugins)) {
    key.plugins[plugin] = hashes.at(plugin);
    for (const auto& [name, hash] : files)
      if (name.starts_with(plugin + " ")) key.files[name] = hash;
  }
  return key;
}

bool inputs_are_unchanged(const PreparedRun& run, const RunRecord& record,
                          const std::vector<NamedPlugin>& plugins) {
  const auto files = run.registry->files_read();
  const auto rebuilt = record.rebuilt();
  return std::ranges::all_of(all_that_train(run, plugins), [&](const std::string& plugin) {
    if (rebuilt.contains(plugin)) return false;
    const auto read = files.find(plugin);
    return read == files.end() || std::ranges::all_of(read->second, [](const auto& file) {
             return HashedFile(file.first).sha256() == file.second;
           });
  });
}

}  // namespace espalier::host
