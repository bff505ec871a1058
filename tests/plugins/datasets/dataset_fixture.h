#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/host/host.h"
#include "plugins/datasets/gzip_file.h"

/// Datasets read from a folder that the test fills.
namespace espalier::testing {

class DatasetTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override {
    unsetenv("ESPALIER_DATA_PATH");
    std::filesystem::remove_all(folder_);
  }

  std::filesystem::path file(const std::string& name) const { return folder_ / name; }
  void write(const std::string& name, const std::string& bytes) const { write_bytes(file(name), bytes); }

  /// The dataset on the test's folder.
  std::unique_ptr<Dataset> dataset(const std::string& name, const std::string& more = "") {
    return host_.dataset(name, "{folder: " + folder_.string() + more + "}");
  }
  Images load(const std::string& name, Split split = Split::train, const std::string& more = "") {
    return dataset(name, more)->read(split);
  }
  /// What loading is refused with; fails the test when it is not, or when the message does not name `file`.
  ErrorDetails refusal(const std::string& name, const std::string& file, Split split = Split::train,
                       const std::string& more = "") {
    try {
      load(name, split, more);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr((file.empty() ? folder_ : folder_ / file).string()));
      return error.details();
    }
    ADD_FAILURE() << "no Error";
    return {.what = ""};
  }

  host::Host host_;
  std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string("espalier_") + ::testing::UnitTest::GetInstance()->current_test_info()->test_suite_name() +
       "_" + ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

/// Bytes that differ by place: an order of pixels that is wrong shows.
inline std::string pattern(std::size_t length, unsigned start) {
  std::string bytes;
  for (std::size_t i = 0; i < length; ++i) bytes += static_cast<char>((start + i * 7 + i / 256) % 256);
  return bytes;
}

inline std::string as_string(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace espalier::testing
