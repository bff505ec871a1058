#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "cache/cache_key.h"
#include "espalier/host/config/cache_section.h"
#include "files/json_optional.h"
#include "files/owned_folder.h"

namespace espalier::host {

/// What a finished training left: what its result.json holds beside its job and checksums, and the files
/// beside it by their names.
struct CachedTraining {
  OrderedJson result;
  std::map<std::string, std::string> files;
};

/// A folder of finished trainings. Each is a folder of its own, an entry, which is named by the hash of its
/// key and is there whole or not at all:
///
///     CACHE/0123…cdef/entry.json             the key, the result, and the SHA-256 of each file and of itself
///     CACHE/0123…cdef/network.safetensors    and the other files of the training
///     CACHE/0123…cdef.1234.0.tmp/            an entry that is being written
///
/// Several processes may use it at once. All functions are [any-thread].
class CacheFolder {
 public:
  /// Opens it, and makes it where there is none. Warns and gives nothing where it cannot be made: a run does
  /// not need it. Throws UsageError when it is a link, no folder, or not this user's alone.
  static std::optional<CacheFolder> open(const CacheSection& section);

  /// The training of a key. An entry that is damaged, or is that of another key, is removed with a warning,
  /// and counts as none.
  std::optional<CachedTraining> find(const CacheKey& key) const;
  /// Keeps a training. Where another process has kept it meanwhile, that one stays. Warns where the disk
  /// refuses, and throws nothing.
  void keep(const CacheKey& key, const CachedTraining& training) const noexcept;

  /// Where the entry of a key is.
  std::filesystem::path entry(const CacheKey& key) const { return folder_.path() / key.hash(); }

 private:
  explicit CacheFolder(OwnedFolder folder) : folder_(std::move(folder)) {}

  void remove_abandoned() const;
  void discard(const CacheKey& key) const;
  OwnedFolder make_temporary(const CacheKey& key) const;
  void write(const CacheKey& key, const CachedTraining& training) const;

  OwnedFolder folder_;
};

/// The same for a config that may name no cache.
std::optional<CacheFolder> open_cache(const std::optional<CacheSection>& section);

}  // namespace espalier::host
