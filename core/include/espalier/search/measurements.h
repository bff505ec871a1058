#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "espalier/plugin/export.h"
#include "espalier/search/trial.h"
#include "espalier/space/architecture.h"

namespace espalier {

/// One measured value.
struct Measurement {
  Architecture architecture;
  std::string metric;
  Fidelity fidelity = 0;
  double value = 0.0;  ///< in the unit of the metric
};

/// The values of measured metrics, each measured once. All functions are [any-thread].
class ESPALIER_EXPORT Measurements {
 public:
  /// Calls `keep` with every new value, one call at a time, before anybody sees the value. What it throws
  /// leaves value().
  void keep_with(std::function<void(const Measurement&)> keep);

  /// A value from an earlier run.
  void add(const Measurement& measurement);
  /// The value that is known, or what `measure` returns. Of two threads that measure the same, the first
  /// decides.
  double value(const Architecture& architecture, const std::string& metric, Fidelity fidelity,
               const std::function<double()>& measure);

 private:
  using Key = std::tuple<Architecture, std::string, Fidelity>;
  std::function<void(const Measurement&)> keep_;
  std::mutex mutex_;
  std::map<Key, double> values_;
};

}  // namespace espalier
