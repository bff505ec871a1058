#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/config/config.h"

/// Where a dataset's files come from: what a person who lacks them needs to know.
struct Source {
  std::string title;                ///< "CIFAR-10"
  std::string folder;               ///< the folder that the archive unpacks to
  std::string layout;               ///< the files in that folder
  std::string remedy;               ///< where to get the files, and their checksum
  std::string package_folder = {};  ///< where a package of the distribution installs them, if there is one
};

/// The files of a dataset, in the folder that the option `folder` names, or else in the source's folder
/// inside a data folder.
class DatasetFiles {
 public:
  /// Reads the option `folder`; touches no file.
  DatasetFiles(Source source, const espalier::Config& config);

  /// The path of a file. Throws Error, saying where it looked and where to get the file.
  std::filesystem::path find(const std::string& name) const;
  /// Throws Error for a file that is not the expected one.
  [[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what,
                           const std::string& expected) const;

 private:
  std::vector<std::filesystem::path> folders() const;

  Source source_;
  std::filesystem::path folder_;
};

/// The bytes of a file. Throws Error when it cannot be read.
std::vector<std::uint8_t> read_bytes(const std::filesystem::path& file);
