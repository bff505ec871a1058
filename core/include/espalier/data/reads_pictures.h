#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "espalier/layers/shape.h"
#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The ability of a dataset to make an image of any picture file, so that a trained network can classify
/// pictures that are in no dataset: `espalier predict`.
class ESPALIER_EXPORT ReadsPictures {
 public:
  /// [any-thread] The pixels of a picture as an image of `shape`, [channels, height, width]. Throws Error,
  /// which names the file, when it is no picture or is damaged, and UsageError when it cannot make images of
  /// this shape.
  virtual std::vector<std::uint8_t> read_picture(const std::filesystem::path& file,
                                                 const Shape& shape) const = 0;

 protected:
  ~ReadsPictures() = default;
};

}  // namespace espalier
