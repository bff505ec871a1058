#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cache/cache_key.h"
#include "espalier/config/config_value.h"
#include "files/json_optional.h"
#include "run/prepared_run.h"
#include "run/run_record.h"

namespace espalier::host {

/// Everything that decides what a training leaves, to the bit.
struct TrainingKey {
  std::string what;          ///< "training from scratch" or "trial"
  std::string version;       ///< of Espalier
  ConfigValue search_space;  ///< with every default filled in, as all options here
  std::string architecture;
  std::string plugin;        ///< which trains: "trainer/from_scratch"
  ConfigValue options;       ///< of that plugin
  OrderedJson dataset;       ///< what it says of itself
  std::string train_images;  ///< the SHA-256 of images and labels
  std::string test_images;
  std::map<std::string, std::string> plugins;       ///< the SHA-256 of each, by "KIND/NAME"
  std::map<std::string, std::string> files;         ///< that of each file that they read
  std::map<std::string, std::string> libraries;     ///< the build of each, by the name of its file
  std::map<std::string, std::string> machine;       ///< as machine_arithmetic() describes it
  std::map<std::string, std::string> dependencies;  ///< what the plugin says (RepeatsTrainings, KeepsTrials)
  std::uint64_t seed = 0;                           ///< 0 in a trial, where it is an option
  int epochs = 0;                                   ///< of a trial
};

/// The key of its entry in a cache.
CacheKey cache_key(const TrainingKey& key);

/// What a run knows itself of its trainings: version, space, dataset, images, the space's, the dataset's and
/// these plugins with their files, libraries and machine. Reads the images where they have not been read.
TrainingKey key_of_run(const PreparedRun& run, const RunRecord& record,
                       const std::vector<NamedPlugin>& plugins);

/// Whether the files that they read have the content that key_of_run() says, and none of them was rebuilt
/// while the run was under way.
bool inputs_are_unchanged(const PreparedRun& run, const RunRecord& record,
                          const std::vector<NamedPlugin>& plugins);

}  // namespace espalier::host
