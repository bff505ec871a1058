#pragma once

#include <filesystem>
#include <vector>

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The ability of a plugin to take what it answers from files, such as the table of a benchmark or the
/// weights of a supernet. A run keeps their hashes, and is not continued over other files. A dataset needs
/// none of this: what it reads is hashed itself.
class ESPALIER_EXPORT ReadsFiles {
 public:
  /// [any-thread] The files that it reads under its options. Throws Error when one is missing.
  virtual std::vector<std::filesystem::path> files() const = 0;

 protected:
  ~ReadsFiles() = default;
};

}  // namespace espalier
