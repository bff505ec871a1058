#include "files/hashed_file.h"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "espalier/errors/errors.h"
#include "files/file_descriptor.h"
#include "files/sha256.h"

namespace espalier::host {
namespace {

bool same(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

[[noreturn]] void refuse(const std::filesystem::path& file) {
  throw Error({.what = "cannot be read: " + std::generic_category().message(errno), .where = file.string()});
}

std::string hash_of(const FileDescriptor& stream, const std::filesystem::path& file) {
  constexpr std::size_t kBlock = 1 << 16;
  std::array<char, kBlock> block;
  Sha256 sum;
  for (;;) {
    const ssize_t count = retried([&] { return ::read(stream.get(), block.data(), block.size()); });
    if (count < 0) refuse(file);
    if (count == 0) return sum.digest();
    sum.add({block.data(), static_cast<std::size_t>(count)});
  }
}

}  // namespace

HashedFile::HashedFile(std::filesystem::path file) : file_(std::move(file)) {
  const FileDescriptor stream(
      retried([&] { return ::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
  if (!stream.valid() || ::fstat(stream.get(), &status_) != 0) refuse(file_);
  if (!S_ISREG(status_.st_mode))
    throw Error({.what = "cannot be read: it is not a regular file", .where = file_.string()});
  sha256_ = hash_of(stream, file_);
}

bool HashedFile::unchanged() const {
  struct stat now = {};
  return ::stat(file_.c_str(), &now) == 0 && now.st_dev == status_.st_dev && now.st_ino == status_.st_ino &&
         now.st_size == status_.st_size && same(now.st_mtim, status_.st_mtim) &&
         same(now.st_ctim, status_.st_ctim);
}

}  // namespace espalier::host
