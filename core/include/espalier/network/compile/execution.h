#pragma once

#include <map>
#include <optional>
#include <string>

#include "espalier/config/config.h"
#include "espalier/network/compile/network.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// Where and how networks run: the options of everything that runs networks.
class ESPALIER_EXPORT Execution {
 public:
  /// Reads `device`, `threads` and the section `compile`.
  explicit Execution(const Config& config);

  /// Sets the number of ATen's threads for the calling thread, installs the caching allocator, once in a
  /// process, and on a GPU selects cuDNN's deterministic algorithms. Throws UsageError when the options ask
  /// for CUDA and there is none.
  CompileOptions start() const;
  bool uses_all_cores() const;
  /// What the results depend on here beside the options, by a name for each: the number of threads, and the
  /// version and the code of LibTorch (RepeatsTrainings). Nothing where they run on a GPU, of which this says
  /// too little, and once a network of this process has recomputed activations for lack of memory.
  std::optional<std::map<std::string, std::string>> dependencies() const;

 private:
  CompileOptions compile_;
  std::string memory_format_;
  bool reference_;
  std::string device_;
  int threads_;
  Location device_where_;
};

}  // namespace espalier
