#pragma once

#include "cache/cache_folder.h"
#include "cache/cache_key.h"
#include "files/owned_folder.h"

namespace espalier::host {

/// The version of the form of an entry. Another form has another version, and thereby other keys.
inline constexpr int cache_format = 1;

/// Writes an entry into an empty folder. Throws Error where the disk refuses.
void write_entry(const OwnedFolder& folder, const CacheKey& key, const CachedTraining& training);

/// Reads an entry whole and compares all checksums. Throws Error that names the file when one is missing,
/// damaged or somebody else's, or when the entry has another key.
CachedTraining read_entry(const OwnedFolder& folder, const CacheKey& key);

}  // namespace espalier::host
