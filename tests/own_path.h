#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace espalier::testing {

/// A path for temporary files that no other process has: CTest runs a test program in several parts at once.
inline std::filesystem::path own_path(const std::string& name) {
  return std::filesystem::path(::testing::TempDir()) /
         ("espalier_" + std::to_string(::getpid()) + "_" + name);
}

}  // namespace espalier::testing
