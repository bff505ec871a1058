#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/file_descriptor.h"

namespace espalier::host {

/// A folder that belongs to this user and that nobody else may write to, held open: what its path names later
/// changes nothing. No link in it is followed, and a file of somebody else is none of its files. A process
/// that runs as root takes only what belongs to root.
///
/// All functions are [any-thread] and throw Error where the system refuses.
class OwnedFolder {
 public:
  /// Nothing when there is no such folder. Throws Error that says why the folder is not this user's alone.
  static std::optional<OwnedFolder> open(const std::filesystem::path& path);
  /// The same for a folder within this one.
  std::optional<OwnedFolder> open_within(const std::string& name) const;
  /// Makes a folder within this one, which only this user may enter; nothing when the name is taken.
  std::optional<OwnedFolder> make_within(const std::string& name) const;

  const std::filesystem::path& path() const { return path_; }
  /// The names of all that is in it, in no order.
  std::vector<std::string> names() const;

  /// The bytes of a file.
  std::string read(const std::string& file) const;
  /// Writes a new file, which only this user may read, and brings it to the disk.
  void write(const std::string& file, std::string_view content) const;
  /// Renames what is in it; false when `to` is taken by something that is not an empty folder.
  bool rename(const std::string& from, const std::string& to) const;
  /// Removes what has this name with all that is in it. Does what it can: false when something stays.
  bool remove(const std::string& name) const noexcept;
  /// Makes the names outlive a power failure.
  void sync() const;

  /// Locks the folder until the object is gone; false when another process has locked it.
  bool lock() const;
  /// Whether its name in `above` still stands for it.
  bool is_within(const OwnedFolder& above) const;

 private:
  OwnedFolder(FileDescriptor descriptor, std::filesystem::path path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}
  static std::optional<OwnedFolder> open_at(int above, const char* name, std::filesystem::path path);

  FileDescriptor descriptor_;
  std::filesystem::path path_;
};

}  // namespace espalier::host
