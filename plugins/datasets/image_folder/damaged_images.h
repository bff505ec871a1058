#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "picture.h"

/// Decodes images and keeps what was wrong with those that cannot be read, so that a person hears of all at
/// once.
class DamagedImages {
 public:
  /// The picture; nothing when the file cannot be read.
  std::optional<Picture> decode(const std::filesystem::path& file);

  bool empty() const { return problems_.empty(); }
  /// Throws the Error that names them, which are in `folder`.
  [[noreturn]] void refuse(const std::filesystem::path& folder) const;
  /// "2 images that cannot be read were passed over: …"; empty for none.
  std::string note() const;

 private:
  std::string list() const;

  std::vector<espalier::ErrorDetails> problems_;
};
