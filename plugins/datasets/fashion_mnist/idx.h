#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "files.h"

/// Reads a gzipped IDX file: any number of items, each an array of bytes of the sizes `item`. Throws Error,
/// naming the file, when it is missing, damaged, cut short, or has items of other sizes.
std::vector<std::uint8_t> read_idx(const DatasetFiles& files, const std::string& name,
                                   const std::vector<std::size_t>& item);
