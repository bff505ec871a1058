#include "files/owned_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "espalier/errors/errors.h"
#include "files/atomic_file.h"
#include "files/user_name.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

constexpr mode_t own_folder_mode = 0700;
constexpr mode_t own_file_mode = 0600;
constexpr mode_t written_by_others = S_IWGRP | S_IWOTH;

[[noreturn]] void refuse_owned(const fs::path& path, const std::string& why, std::string remedy) {
  throw Error({.what = why, .where = path.string(), .remedy = std::move(remedy)});
}

void check_owner(const struct stat& status, const fs::path& path) {
  if (status.st_uid != ::geteuid())
    refuse_owned(path, fmt::format("it belongs to {}", user_name(status.st_uid)),
                 "name a folder of your own, or one that does not exist yet");
  if ((status.st_mode & written_by_others) != 0)
    refuse_owned(path, fmt::format("others may write to it (mode {:04o})", status.st_mode & 07777),
                 fmt::format("chmod go-w {}, if nobody else has written to it, or name another folder",
                             path.string()));
}

struct stat status_of(const FileDescriptor& descriptor, const fs::path& path) {
  struct stat status = {};
  if (::fstat(descriptor.get(), &status) != 0) throw_file_error("cannot read", path, errno);
  return status;
}

/// Why something that is no folder cannot be opened as one.
[[noreturn]] void refuse_no_folder(int above, const char* name, const fs::path& path, int error) {
  struct stat status = {};
  if (::fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
    if (S_ISLNK(status.st_mode))
      refuse_owned(path, "it is a link, which is not followed", "name the folder that the link points to");
    if (!S_ISDIR(status.st_mode))
      refuse_owned(path, "it is not a folder", "name a folder, or one that does not exist yet");
  }
  throw_file_error("cannot open", path, error);
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

/// The names in a folder; those that cannot be read any more are missing when `error` is set.
std::vector<std::string> names_in(int folder, int& error) {
  std::vector<std::string> names;
  const int again = retried([&] { return ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  const std::unique_ptr<DIR, CloseFolder> stream(again < 0 ? nullptr : ::fdopendir(again));
  if (!stream) {
    error = errno;
    if (again >= 0) ::close(again);
    return names;
  }
  errno = 0;
  while (const dirent* const entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  error = errno;
  return names;
}

/// Follows no link. A folder that nests deeper than anything of ours stays.
bool remove_at(int above, const char* name, int depth) {
  if (::unlinkat(above, name, 0) == 0 || errno == ENOENT) return true;
  if (depth == 0) return false;
  {
    const FileDescriptor folder(
        retried([&] { return ::openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }));
    if (!folder.valid()) return false;
    int error = 0;
    for (const std::string& inside : names_in(folder.get(), error))
      remove_at(folder.get(), inside.c_str(), depth - 1);
  }
  return ::unlinkat(above, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

}  // namespace

std::optional<OwnedFolder> OwnedFolder::open_at(int above, const char* name, fs::path path) {
  FileDescriptor descriptor(
      retried([&] { return ::openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }));
  if (!descriptor.valid()) {
    if (errno == ENOENT) return std::nullopt;
    refuse_no_folder(above, name, path, errno);
  }
  check_owner(status_of(descriptor, path), path);
  return OwnedFolder(std::move(descriptor), std::move(path));
}

std::optional<OwnedFolder> OwnedFolder::open(const fs::path& path) {
  return open_at(AT_FDCWD, path.c_str(), path);
}

std::optional<OwnedFolder> OwnedFolder::open_within(const std::string& name) const {
  return open_at(descriptor_.get(), name.c_str(), path_ / name);
}

std::optional<OwnedFolder> OwnedFolder::make_within(const std::string& name) const {
  if (::mkdirat(descriptor_.get(), name.c_str(), own_folder_mode) != 0) {
    if (errno == EEXIST) return std::nullopt;
    throw_file_error("cannot make the directory", path_ / name, errno);
  }
  return open_within(name);
}

std::vector<std::string> OwnedFolder::names() const {
  int error = 0;
  std::vector<std::string> names = names_in(descriptor_.get(), error);
  if (error != 0) throw_file_error("cannot read", path_, error);
  return names;
}

std::string OwnedFolder::read(const std::string& file) const {
  const fs::path path = path_ / file;
  const FileDescriptor stream(retried([&] {
    return ::openat(descriptor_.get(), file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  }));
  if (!stream.valid()) throw_file_error("cannot read", path, errno);
  const struct stat status = status_of(stream, path);
  if (!S_ISREG(status.st_mode))
    refuse_owned(path, fmt::format("{} is not a regular file", file), "remove it");
  check_owner(status, path);
  std::string content;
  std::array<char, 1 << 16> block;
  for (;;) {
    const ssize_t count = retried([&] { return ::read(stream.get(), block.data(), block.size()); });
    if (count < 0) throw_file_error("cannot read", path, errno);
    if (count == 0) return content;
    content.append(block.data(), static_cast<std::size_t>(count));
  }
}

void OwnedFolder::write(const std::string& file, std::string_view content) const {
  const fs::path path = path_ / file;
  FileDescriptor stream(retried([&] {
    return ::openat(descriptor_.get(), file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    own_file_mode);
  }));
  if (!stream.valid()) throw_file_error("cannot write", path, errno);
  write_all(stream, content, path);
  sync_file(stream, path);
  if (stream.close() != 0) throw_file_error("cannot write", path, errno);
}

bool OwnedFolder::rename(const std::string& from, const std::string& to) const {
  if (::renameat(descriptor_.get(), from.c_str(), descriptor_.get(), to.c_str()) == 0) return true;
  if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR) return false;
  throw_file_error("cannot write", path_ / to, errno);
}

bool OwnedFolder::remove(const std::string& name) const noexcept {
  constexpr int deepest = 16;
  try {
    return remove_at(descriptor_.get(), name.c_str(), deepest);
  } catch (const std::exception&) {  // no memory for the names in it
    return false;
  }
}

void OwnedFolder::sync() const {
  // Some file systems cannot, as sync_directory() knows.
  const bool failed = retried([&] { return ::fsync(descriptor_.get()); }) != 0;
  if (failed && errno != EINVAL && errno != ENOTSUP) throw_file_error("cannot write", path_, errno);
}

bool OwnedFolder::lock() const {
  return retried([&] { return ::flock(descriptor_.get(), LOCK_EX | LOCK_NB); }) == 0;
}

bool OwnedFolder::is_within(const OwnedFolder& above) const {
  struct stat named = {};
  const std::string name = path_.filename().string();
  if (::fstatat(above.descriptor_.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0) return false;
  const struct stat own = status_of(descriptor_, path_);
  return named.st_dev == own.st_dev && named.st_ino == own.st_ino;
}

}  // namespace espalier::host
