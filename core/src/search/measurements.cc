#include "espalier/search/measurements.h"

#include <utility>

namespace espalier {

void Measurements::keep_with(std::function<void(const Measurement&)> keep) {
  const std::lock_guard lock(mutex_);
  keep_ = std::move(keep);
}

void Measurements::add(const Measurement& measurement) {
  const std::lock_guard lock(mutex_);
  values_.try_emplace(Key(measurement.architecture, measurement.metric, measurement.fidelity),
                      measurement.value);
}

double Measurements::value(const Architecture& architecture, const std::string& metric, Fidelity fidelity,
                           const std::function<double()>& measure) {
  const Key key(architecture, metric, fidelity);
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = values_.find(key); known != values_.end()) return known->second;
  }
  const double measured = measure();  // without the lock: other architectures need not wait
  const std::lock_guard lock(mutex_);
  if (const auto known = values_.find(key); known != values_.end()) return known->second;
  if (keep_) keep_({.architecture = architecture, .metric = metric, .fidelity = fidelity, .value = measured});
  values_.emplace(key, measured);
  return measured;
}

}  // namespace espalier
