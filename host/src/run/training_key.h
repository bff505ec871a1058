#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cache/cache_key.h"
#include "espalier/config/config_value.h"
#include "files/json_optional.h"

namespace espalier::host {

/// Everything that decides what a training from scratch leaves, to the bit.
struct TrainingKey {
  std::string version;       ///< of Espalier
  ConfigValue search_space;  ///< with every default filled in, as all options here
  std::string architecture;  ///< as the space prints it
  std::string trainer;       ///< its name
  ConfigValue options;       ///< of the trainer
  OrderedJson dataset;       ///< what it says of itself
  std::string train_images;  ///< the SHA-256 of images and labels
  std::string test_images;
  std::map<std::string, std::string> plugins;       ///< the SHA-256 of each, by "KIND/NAME"
  std::map<std::string, std::string> files;         ///< that of each file that they read
  std::map<std::string, std::string> libraries;     ///< the build of each, by the name of its file
  std::map<std::string, std::string> machine;       ///< as machine_arithmetic() describes it
  std::map<std::string, std::string> dependencies;  ///< what the trainer says (RepeatsTrainings)
  std::uint64_t seed = 0;
};

/// The key of its entry in a cache.
CacheKey cache_key(const TrainingKey& key);

}  // namespace espalier::host
