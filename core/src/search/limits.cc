#include "search/limits.h"

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/benchmark.h"

namespace espalier {

Limits::Limits(const Objectives& objectives, const std::vector<MetricSource>& sources,
               const SpaceMetrics& counts, Measurements& measurements)
    : counts_(counts), measurements_(measurements) {
  for (const Constraint& constraint : objectives.constraints)
    limits_.push_back({.constraint = constraint,
                       .source = MetricSource::find(constraint.metric, objectives.benchmarks,
                                                    to_string(constraint.where))});
  // After the constraints, because a partial objective may have to be measured.
  for (const MetricSource& source : sources)
    if (source.metric.partial)
      limits_.push_back({.constraint = {.metric = source.metric.name}, .source = source});
}

bool Limits::allow(const Architecture& architecture) const {
  return std::ranges::all_of(limits_, [&](const Limit& limit) { return keeps(limit, architecture); });
}

bool Limits::keeps(const Limit& limit, const Architecture& architecture) const {
  const std::optional<double> found = value(limit.source, architecture);
  const Constraint& constraint = limit.constraint;
  const Metric& metric = limit.source.metric;
  return found && !(constraint.min && !(*found >= *constraint.min)) &&
         !(constraint.max && !(*found <= *constraint.max)) &&
         !(constraint.worst &&
           !(higher_is_better(metric, *found) >= higher_is_better(metric, *constraint.worst)));
}

/// Nothing where it is not known.
std::optional<double> Limits::value(const MetricSource& source, const Architecture& architecture) const try {
  if (source.benchmark == nullptr) return counts_.value(architecture, source.index);
  const Fidelity full = source.epochs.empty() ? 0 : source.benchmark->full_fidelity();
  const auto ask = [&] { return source.benchmark->value(architecture, source.at(full)); };
  return source.metric.measured ? measurements_.value(architecture, source.metric.name, full, ask) : ask();
} catch (const PluginFailure&) {
  throw;
} catch (const UsageError&) {
  throw;
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace espalier
