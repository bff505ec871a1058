#include "espalier/files/safetensors.h"

#include "fuzz.h"

/// Weights: what is read, is written and read again alike.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier;
  fuzz::succeeds([&] {
    const StoredTensors read = read_safetensors(fuzz::text_of(data, size), "fuzz");
    fuzz::require(read_safetensors(write_safetensors(read), "again") == read,
                  "what is read is written alike");
    for (const auto& entry : read.tensors) fuzz::succeeds([&] { to_floats(entry.second); });
  });
  return 0;
}
