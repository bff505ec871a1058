#include "cache/cache_folder.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <exception>

#include "cache/cache_entry.h"
#include "espalier/errors/errors.h"
#include "files/atomic_file.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

constexpr mode_t cache_mode = 0700;
constexpr std::string_view unfinished_suffix = ".tmp";

[[noreturn]] void refuse_cache(const CacheSection& section, const Error& error) {
  throw UsageError(
      {.what = fmt::format("the cache {} is refused: {}", section.folder.string(), error.details().what),
       .where = to_string(section.where),
       .expected = "a folder of this user, to which nobody else may write, or one that does not exist yet",
       .remedy = error.details().remedy});
}

/// False where the disk refuses.
bool could_make(const fs::path& folder) {
  try {
    make_directories(folder.parent_path());
    if (::mkdir(folder.c_str(), cache_mode) == 0 || errno == EEXIST) return true;
    throw_file_error("cannot make the directory", folder, errno);
  } catch (const Error& error) {
    spdlog::warn("the cache {} cannot be made, so no training is reused or kept: {}", folder.string(),
                 error.details().what);
  }
  return false;
}

/// A name that no other entry has while it is written.
std::string unfinished_name(const CacheKey& key, int number) {
  return fmt::format("{}.{}.{}{}", key.hash(), ::getpid(), number, unfinished_suffix);
}

}  // namespace

std::optional<CacheFolder> CacheFolder::open(const CacheSection& section) try {
  std::optional<OwnedFolder> folder = OwnedFolder::open(section.folder);
  if (!folder && could_make(section.folder)) folder = OwnedFolder::open(section.folder);
  if (!folder) return std::nullopt;
  CacheFolder cache(std::move(*folder));
  cache.remove_abandoned();
  return cache;
} catch (const Error& error) {
  refuse_cache(section, error);
}

/// What a process that was killed has begun to write.
void CacheFolder::remove_abandoned() const {
  for (const std::string& name : folder_.names()) {
    if (!name.ends_with(unfinished_suffix) || !is_hash(name.substr(0, name.find('.')))) continue;
    try {
      const auto begun = folder_.open_within(name);
      if (begun && begun->lock()) folder_.remove(name);
    } catch (const Error& error) {
      spdlog::debug("{} stays: {}", (folder_.path() / name).string(), error.details().what);
    }
  }
}

std::optional<CachedTraining> CacheFolder::find(const CacheKey& key) const {
  try {
    const auto folder = folder_.open_within(key.hash());
    if (!folder) return std::nullopt;
    return read_entry(*folder, key);
  } catch (const Error& error) {
    spdlog::warn("{} is damaged and is removed, so this training runs: {}", entry(key).string(),
                 error.details().what);
  }
  discard(key);
  return std::nullopt;
}

/// Under another name first, so that it is there whole or not at all for every other process.
void CacheFolder::discard(const CacheKey& key) const try {
  constexpr int most = 1000;
  for (int number = 0; number < most; ++number) {
    const std::string aside = unfinished_name(key, number);
    if (!folder_.rename(key.hash(), aside)) continue;
    if (!folder_.remove(aside)) spdlog::warn("{} cannot be removed", (folder_.path() / aside).string());
    return;
  }
} catch (const Error& error) {  // another process has removed it, or nobody can
  spdlog::debug("{} stays: {}", entry(key).string(), error.details().what);
}

/// Locked as long as the object lives, which tells it from one that was abandoned.
OwnedFolder CacheFolder::make_temporary(const CacheKey& key) const {
  constexpr int most = 1000;
  for (int number = 0; number < most; ++number) {
    std::optional<OwnedFolder> made = folder_.make_within(unfinished_name(key, number));
    // Between the two calls it looks abandoned, and another process may remove it.
    if (made && made->lock() && made->is_within(folder_)) return std::move(*made);
  }
  throw Error({.what = "there is no free name for another entry", .where = folder_.path().string()});
}

void CacheFolder::write(const CacheKey& key, const CachedTraining& training) const {
  const OwnedFolder begun = make_temporary(key);
  const std::string name = begun.path().filename().string();
  try {
    write_entry(begun, key, training);
    begun.sync();
    if (!folder_.rename(name, key.hash())) folder_.remove(name);  // another process was first
    folder_.sync();
  } catch (...) {
    folder_.remove(name);  // a full disk needs the space
    throw;
  }
}

void CacheFolder::keep(const CacheKey& key, const CachedTraining& training) const noexcept {
  std::string why;
  try {
    write(key, training);
    spdlog::debug("a training is kept in {}", entry(key).string());
    return;
  } catch (const Error& error) {
    why = error.details().what;
  } catch (const std::exception& error) {
    why = error.what();
  }
  spdlog::warn("a training is not kept in the cache {}: {}", folder_.path().string(), why);
}

std::optional<CacheFolder> open_cache(const std::optional<CacheSection>& section) {
  return section ? CacheFolder::open(*section) : std::nullopt;
}

}  // namespace espalier::host
