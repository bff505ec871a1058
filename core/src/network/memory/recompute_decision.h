#pragma once

#include <cstdint>
#include <map>

#include "espalier/network/compile/network.h"
#include "espalier/plan/plan.h"

namespace espalier {

/// Whether training recomputes activations for batches of a size: as the options say, or where the forecast
/// exceeds the memory that is free. Decided once for each size, so that a training does not change its course
/// as other programs take and release memory.
class RecomputeDecision {
 public:
  /// `plan` must outlive it.
  RecomputeDecision(const Plan& plan, const CompileOptions& options);

  bool operator()(std::int64_t batch);

 private:
  const Plan& plan_;
  Recompute recompute_;
  std::int64_t bytes_per_number_;
  std::map<std::int64_t, bool> decided_;  ///< by the size of a batch
};

/// [any-thread] Whether the memory was too small for a network of this process, which then recomputes: it
/// gives other last digits than where there is more.
bool memory_decided();

}  // namespace espalier
