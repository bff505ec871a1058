#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "espalier/host/report/reported_run.h"
#include "espalier/plugin/export.h"

namespace espalier::host {

/// An architecture, the size of its network and how good it is.
struct SizedArchitecture {
  std::string architecture;
  std::int64_t parameters = 0;  ///< of the network that is trained from scratch
  double value = 0.0;           ///< the first objective, in its unit
  std::uint64_t seed = 0;       ///< of the search
};

/// [any-thread] What the finished searches of a method found, at most `most` of them, evenly chosen. Empty
/// without objectives, and where the space is not there or makes no networks.
ESPALIER_EXPORT std::vector<SizedArchitecture> found_sizes(const ReportedRun& run, std::size_t method,
                                                           std::size_t most = 1000);
/// [any-thread] What the first search of a method tried, at most `most` trials of it, evenly chosen; the
/// others are passed over without being read in full. Throws Error where an event is damaged.
ESPALIER_EXPORT std::vector<SizedArchitecture> tried_sizes(const ReportedRun& run, std::size_t method,
                                                           std::size_t most = 1000);

}  // namespace espalier::host
