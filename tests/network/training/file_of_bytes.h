#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace espalier::testing {

/// A file of its own with these bytes, gone in the end.
class FileOfBytes {
 public:
  explicit FileOfBytes(const std::string& bytes) {
    std::string pattern = ::testing::TempDir() + "espalier_XXXXXX";
    const int file = ::mkstemp(pattern.data());
    EXPECT_GE(file, 0);
    ::close(file);
    path_ = pattern;
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  FileOfBytes(const FileOfBytes&) = delete;
  FileOfBytes& operator=(const FileOfBytes&) = delete;
  ~FileOfBytes() { std::filesystem::remove(path_); }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace espalier::testing
