#include "search/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/benchmark.h"

namespace espalier {
namespace {

/// How far `value` is outside of the bounds; 0 where it keeps them.
double excess(const Constraint& constraint, const Metric& metric, double value) {
  double most = 0.0;
  const auto apart = [&](double distance) { most = std::max(most, distance); };
  if (constraint.min) apart(*constraint.min - value);
  if (constraint.max) apart(value - *constraint.max);
  if (constraint.worst) apart(higher_is_better(metric, *constraint.worst) - higher_is_better(metric, value));
  return most;
}

/// "latency at most 0.5 ms".
std::string bounds_of(const Constraint& constraint, const Metric& metric) {
  const bool upper = metric.direction == Direction::minimize;
  const std::optional<double> least = constraint.worst && !upper ? constraint.worst : constraint.min;
  const std::optional<double> most = constraint.worst && upper ? constraint.worst : constraint.max;
  std::string text = metric.name;
  if (least) text += fmt::format(" at least {}", *least);
  if (most) text += fmt::format("{} at most {}", least ? " and" : "", *most);
  if (!least && !most) return text + " that is known";
  return text + (metric.unit.empty() || metric.unit == "count" ? "" : " " + metric.unit);
}

}  // namespace

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
  return std::ranges::all_of(limits_, [&](Limit& limit) { return keeps(limit, architecture); });
}

bool Limits::keeps(Limit& limit, const Architecture& architecture) const {
  const std::optional<double> found = value(limit.source, architecture);
  if (!found || std::isnan(*found)) return false;
  const auto beyond = [&](double value) { return excess(limit.constraint, limit.source.metric, value); };
  if (beyond(*found) == 0.0) return true;
  const std::lock_guard lock(mutex_);
  if (!limit.nearest || beyond(*found) < beyond(*limit.nearest)) limit.nearest = found;
  return false;
}

std::string Limits::refusals() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const Limit& limit : limits_) {
    const Metric& metric = limit.source.metric;
    text += fmt::format("{}{}", text.empty() ? "" : "; ", bounds_of(limit.constraint, metric));
    if (limit.nearest) text += fmt::format(", and the nearest that was refused has {:.4g}", *limit.nearest);
  }
  return text;
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
