#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "files.h"

/// Reads a gzipped IDX file of bytes: how many items, each of `item` sizes. Throws Error, naming the
/// file, when it is missing, damaged, cut short, or of other items.
std::vector<std::uint8_t> read_idx(const DatasetFiles& files, const std::string& name,
                                   const std::vector<std::size_t>& item);
