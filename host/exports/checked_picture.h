#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "espalier/data/dataset.h"

namespace espalier::exports {

/// Makes an image of a picture by a dataset's ability ReadsPictures, and throws what read_picture() throws.
/// Where the plugin fails, or gives another number of pixels than an image of this shape has, it throws a
/// PluginFailure that names it.
std::vector<std::uint8_t> read_checked_picture(const Dataset& reader, const std::filesystem::path& file,
                                               const Shape& shape);

}  // namespace espalier::exports
