#include "files/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "espalier/errors/errors.h"
#include "files/file_descriptor.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_suffix = ".tmp";
constexpr mode_t file_mode = 0666;  // less the umask
constexpr mode_t folder_mode = 0777;

std::string remedy_for(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "free some space and run the same command again: what is finished is kept";
    case EFBIG:
      return "raise the limit on file sizes (ulimit -f) and run the same command again: what is finished is "
             "kept";
    case EACCES:
    case EPERM:
      return "make it accessible, or name another place with --out";
    case ENOENT:
      return "make the folder first, or name another place with --out";
    case EMFILE:
    case ENFILE:
      return "raise the limit on open files (ulimit -n) and run the same command again: what is finished is "
             "kept";
    case EROFS:
      return "name a place on a writable file system with --out";
    case EEXIST:
    case ENOTDIR:
      return "a file stands where a directory is needed: name another place with --out";
    case ELOOP:
    case ENXIO:
    case EISDIR:
      return "something other than a regular file stands there: remove it, or name another place with --out";
    default:
      return "put it right and run the same command again: what is finished is kept";
  }
}

/// Some file systems cannot, and some folders may be entered but not read; nothing is lost there.
bool cannot_sync(int error) { return error == EINVAL || error == ENOTSUP || error == EACCES; }

fs::path folder_of(const fs::path& path) {
  return path.parent_path().empty() ? fs::path(".") : path.parent_path();
}

using Content = std::function<void(const WritePiece& write)>;

void write_new(const fs::path& temporary, const fs::path& path, const Content& content,
               Durability durability) {
  // Whatever has the temporary name is not followed: a link there would have another file overwritten.
  if (::unlink(temporary.c_str()) != 0 && errno != ENOENT) throw_file_error("cannot write", path, errno);
  FileDescriptor file(retried([&] {
    return ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file_mode);
  }));
  if (!file.valid()) throw_file_error("cannot write", path, errno);
  content([&](std::string_view piece) { write_all(file, piece, path); });
  if (durability == Durability::disk) sync_file(file, path);
  if (file.close() != 0) throw_file_error("cannot write", path, errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) throw_file_error("cannot write", path, errno);
}

int open_existing(const fs::path& path) {
  return retried(
      [&] { return ::open(path.c_str(), O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); });
}

}  // namespace

void write_file(const fs::path& path, std::string_view content, Durability durability) {
  write_file(
      path, [content](const WritePiece& write) { write(content); }, durability);
}

void write_file(const fs::path& path, const Content& content, Durability durability) {
  fs::path temporary = path;
  temporary += temporary_suffix;
  try {
    write_new(temporary, path, content, durability);
  } catch (...) {
    ::unlink(temporary.c_str());  // a full disk needs the space
    throw;
  }
  if (durability == Durability::disk) sync_directory(folder_of(path));
}

void write_all(const FileDescriptor& file, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = retried([&] { return ::write(file.get(), content.data(), content.size()); });
    if (written <= 0) throw_file_error("cannot write", path, written == 0 ? EIO : errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync_file(const FileDescriptor& file, const fs::path& path) {
  if (retried([&] { return ::fsync(file.get()); }) != 0) throw_file_error("cannot write", path, errno);
}

FileDescriptor open_to_append(const fs::path& path) {
  FileDescriptor file(open_existing(path));
  if (!file.valid() && errno == ENOENT) {
    file = FileDescriptor(retried([&] {
      return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file_mode);
    }));
    if (file.valid()) sync_directory(folder_of(path));
  }
  if (!file.valid()) throw_file_error("cannot write", path, errno);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) throw_file_error("cannot write", path, errno);
  if (!S_ISREG(status.st_mode)) throw_file_error("cannot write", path, ENXIO);
  return file;
}

void append_to_file(const fs::path& path, std::string_view content) {
  FileDescriptor file = open_to_append(path);
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  try {
    write_all(file, content, path);
    sync_file(file, path);
  } catch (...) {
    (void)!::ftruncate(file.get(), size);  // half a line would spoil the next one
    throw;
  }
  if (file.close() != 0) throw_file_error("cannot write", path, errno);
}

void sync_directory(const fs::path& directory) {
  const FileDescriptor descriptor(
      retried([&] { return ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  const bool failed = !descriptor.valid() || retried([&] { return ::fsync(descriptor.get()); }) != 0;
  if (failed && !cannot_sync(errno)) throw_file_error("cannot write", directory, errno);
}

void make_directories(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return;
  if (const fs::path above = folder_of(path); above != path) make_directories(above);
  const bool made = ::mkdir(path.c_str(), folder_mode) == 0;
  if (!made && !(errno == EEXIST && fs::is_directory(path, error)))
    throw_file_error("cannot make the directory", path, errno);
  sync_directory(folder_of(path));
}

void remove_file(const fs::path& path) {
  // Asked first: a read-only file system does not say that there is nothing to remove.
  if (is_there(path) && ::unlink(path.c_str()) != 0 && errno != ENOENT)
    throw_file_error("cannot remove", path, errno);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  const fs::file_type type = fs::symlink_status(path, ignored).type();
  return type != fs::file_type::not_found && type != fs::file_type::none;
}

bool is_temporary(const fs::path& path) { return path.extension() == temporary_suffix; }

void throw_file_error(std::string_view action, const fs::path& path, int error) {
  throw Error({.what = fmt::format("{} {}: {}", action, path.filename().string(),
                                   std::generic_category().message(error)),
               .where = path.string(),
               .remedy = remedy_for(error)});
}

}  // namespace espalier::host
