#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include "files.h"

/// A variable of a MATLAB file as bytes, in MATLAB's order: the first dimension runs fastest.
struct MatArray {
  std::vector<std::size_t> dimensions;
  std::vector<std::uint8_t> values;
};

/// Reads two variables of small whole numbers. Throws Error through `files` when the file is damaged, of
/// another format, or lacks one of them.
std::pair<MatArray, MatArray> read_mat(const DatasetFiles& files, const std::filesystem::path& file,
                                       const char* first, const char* second);
