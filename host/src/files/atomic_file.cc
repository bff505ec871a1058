#include "files/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
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
    case EROFS:
      return "name a place on a writable file system with --out";
    case EEXIST:
    case ENOTDIR:
      return "a file stands where a directory is needed: name another place with --out";
    default:
      return "put it right and run the same command again: what is finished is kept";
  }
}

void write_all(const FileDescriptor& file, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_file_error("cannot write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// So that a name survives a power failure, too. Some file systems cannot; nothing is lost there.
void sync_directory(const fs::path& directory) {
  const FileDescriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.valid()) ::fsync(descriptor.get());
}

void write_new(const fs::path& temporary, const fs::path& path, std::string_view content,
               Durability durability) {
  FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, file_mode));
  if (!file.valid()) throw_file_error("cannot write", path, errno);
  write_all(file, content, path);
  if (durability == Durability::disk && ::fsync(file.get()) != 0)
    throw_file_error("cannot write", path, errno);
  if (file.close() != 0) throw_file_error("cannot write", path, errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) throw_file_error("cannot write", path, errno);
}

}  // namespace

void write_file(const fs::path& path, std::string_view content, Durability durability) {
  fs::path temporary = path;
  temporary += temporary_suffix;
  try {
    write_new(temporary, path, content, durability);
  } catch (...) {
    ::unlink(temporary.c_str());  // a full disk needs the space
    throw;
  }
  if (durability == Durability::disk)
    sync_directory(path.parent_path().empty() ? fs::path(".") : path.parent_path());
}

std::optional<std::string> read_file(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    if (errno == ENOENT) return std::nullopt;
    throw_file_error("cannot read", path, errno);
  }
  constexpr std::size_t block = 1 << 16;
  std::string content;
  for (;;) {
    const std::size_t size = content.size();
    content.resize(size + block);
    const ssize_t count = ::read(file.get(), content.data() + size, block);
    if (count < 0 && errno != EINTR) throw_file_error("cannot read", path, errno);
    content.resize(size + static_cast<std::size_t>(count > 0 ? count : 0));
    if (count == 0) return content;
  }
}

void append_to_file(const fs::path& path, std::string_view content) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, file_mode));
  if (!file.valid()) throw_file_error("cannot write", path, errno);
  write_all(file, content, path);
  if (::fsync(file.get()) != 0 || file.close() != 0) throw_file_error("cannot write", path, errno);
}

void make_directories(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error && !fs::is_directory(path, error)) error = std::make_error_code(std::errc::not_a_directory);
  if (error) throw_file_error("cannot make the directory", path, error.value());
}

void remove_file(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) throw_file_error("cannot remove", path, error.value());
}

bool is_temporary(const fs::path& path) { return path.extension() == temporary_suffix; }

void throw_file_error(std::string_view action, const fs::path& path, int error) {
  throw Error({.what = fmt::format("{} {}: {}", action, path.filename().string(),
                                   std::generic_category().message(error)),
               .where = path.string(),
               .remedy = remedy_for(error)});
}

}  // namespace espalier::host
