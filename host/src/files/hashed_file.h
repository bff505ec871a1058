#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>

namespace espalier::host {

/// A file as it was when it was read, by its SHA-256.
class HashedFile {
 public:
  /// Throws Error when the file cannot be read.
  explicit HashedFile(std::filesystem::path file);

  /// 64 lower-case hexadecimal digits.
  const std::string& sha256() const { return sha256_; }
  /// Whether its name still stands for that file, and nothing has been written to it.
  bool unchanged() const;

 private:
  std::filesystem::path file_;
  struct stat status_ = {};
  std::string sha256_;
};

}  // namespace espalier::host
