#pragma once

#include <filesystem>

#include "files/file_descriptor.h"

namespace espalier::host {

/// Keeps other processes out of a run directory while it lives; a kill releases it.
class RunLock {
 public:
  /// Throws Error when another process holds the lock. Holds none where nothing can be written.
  explicit RunLock(const std::filesystem::path& directory);

 private:
  FileDescriptor file_;
};

/// Whether a process holds the lock of a directory at this moment. False where nobody can tell.
bool is_locked(const std::filesystem::path& directory);

}  // namespace espalier::host
