#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier {

/// A tensor as a file holds it.
struct StoredTensor {
  std::string type;                 ///< as safetensors names it: F32, F16, BF16, F64, I64, …
  std::vector<std::int64_t> shape;  ///< empty for a single number
  std::string bytes;                ///< the elements, row by row, little-endian

  friend bool operator==(const StoredTensor&, const StoredTensor&) = default;
};

/// The tensors of a network by their names, and what they are of.
///
/// The file format is safetensors: a header of JSON and the bytes, which anybody reads without executing
/// anything, unlike a pickle or a TorchScript archive.
struct StoredTensors {
  std::map<std::string, std::string> about;  ///< the header's "__metadata__"
  std::map<std::string, StoredTensor> tensors;

  friend bool operator==(const StoredTensors&, const StoredTensors&) = default;
};

/// [any-thread] The bytes of a file, which depend on the tensors alone.
ESPALIER_EXPORT std::string write_safetensors(const StoredTensors& tensors);

/// [any-thread] Reads such bytes. `where`, the name of the file, appears in errors. Throws Error for bytes
/// that are cut short, overlap, leave gaps, or have a header that does not describe them.
ESPALIER_EXPORT StoredTensors read_safetensors(std::string_view bytes, const std::string& where);

/// [any-thread] The elements as single precision numbers. Throws Error unless they are F32, F16, BF16 or F64.
ESPALIER_EXPORT std::vector<float> to_floats(const StoredTensor& tensor);

}  // namespace espalier
