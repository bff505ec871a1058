#pragma once

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace espalier::host {

/// What a system call returns, called again as long as a signal interrupts it.
template <class Call>
auto retried(const Call& call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

/// Owns a POSIX file descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) noexcept : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() { close(); }

  bool valid() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  /// 0, or -1 with errno set: some file systems report a failed write only here. Linux has closed it even
  /// where a signal interrupts that.
  int close() noexcept {
    if (!valid() || ::close(std::exchange(descriptor_, -1)) == 0) return 0;
    return errno == EINTR ? 0 : -1;
  }

 private:
  int descriptor_;
};

}  // namespace espalier::host
