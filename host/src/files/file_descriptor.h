#pragma once

#include <unistd.h>

#include <utility>

namespace espalier::host {

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
  /// 0, or -1 with errno set: some file systems report a failed write only here.
  int close() noexcept { return valid() ? ::close(std::exchange(descriptor_, -1)) : 0; }

 private:
  int descriptor_;
};

}  // namespace espalier::host
