#include "files/hashed_file.h"

#include <fcntl.h>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "espalier/errors/errors.h"
#include "files/file_descriptor.h"

namespace espalier::host {
namespace {

bool same(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

[[noreturn]] void refuse(const std::filesystem::path& file) {
  throw Error({.what = "cannot be read: " + std::generic_category().message(errno), .where = file.string()});
}

std::string hash_of(const FileDescriptor& stream, const std::filesystem::path& file) {
  constexpr std::size_t kBlock = 1 << 16;
  std::array<unsigned char, kBlock> block;
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (;;) {
    const ssize_t count = ::read(stream.get(), block.data(), block.size());
    if (count < 0 && errno != EINTR) refuse(file);
    if (count == 0) break;
    if (count > 0) crypto_hash_sha256_update(&state, block.data(), static_cast<std::size_t>(count));
  }
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
  crypto_hash_sha256_final(&state, hash.data());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> text;
  return sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
}

}  // namespace

HashedFile::HashedFile(std::filesystem::path file) : file_(std::move(file)) {
  const FileDescriptor stream(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!stream.valid() || ::fstat(stream.get(), &status_) != 0) refuse(file_);
  sha256_ = hash_of(stream, file_);
}

bool HashedFile::unchanged() const {
  struct stat now = {};
  return ::stat(file_.c_str(), &now) == 0 && now.st_dev == status_.st_dev && now.st_ino == status_.st_ino &&
         now.st_size == status_.st_size && same(now.st_mtim, status_.st_mtim) &&
         same(now.st_ctim, status_.st_ctim);
}

}  // namespace espalier::host
