#include "directory/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "directory/run_files.h"
#include "espalier/errors/errors.h"
#include "files/atomic_file.h"

namespace espalier::host {
namespace {

constexpr mode_t lock_mode = 0666;

FileDescriptor open_lock(const std::filesystem::path& path) {
  FileDescriptor file(retried([&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, lock_mode);
  }));
  // Nobody can run in a place that nobody can write to; a finished run there may be shown.
  const bool read_only = errno == EROFS || errno == EACCES;
  if (!file.valid() && !read_only) throw_file_error("cannot write", path, errno);
  return file;
}

}  // namespace

RunLock::RunLock(const std::filesystem::path& directory) : file_(open_lock(directory / RunFiles::lock)) {
  // A look by is_locked() is over at once.
  int looks = 20;
  while (file_.valid() && ::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK && looks-- > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    if (errno != EWOULDBLOCK) throw_file_error("cannot lock", directory / RunFiles::lock, errno);
    throw Error({.what = "another process is running in this directory",
                 .where = directory.string(),
                 .remedy = "wait until it has ended, or name another run directory with --out"});
  }
}

bool is_locked(const std::filesystem::path& directory) {
  const auto path = directory / RunFiles::lock;
  const FileDescriptor file(
      retried([&] { return ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
  return file.valid() && retried([&] { return ::flock(file.get(), LOCK_SH | LOCK_NB); }) != 0 &&
         errno == EWOULDBLOCK;
}

}  // namespace espalier::host
