#pragma once

#include <optional>
#include <string>

#include "espalier/host/report/statistics.h"
#include "espalier/plugin/export.h"
#include "espalier/search/metric.h"

// How figures and metrics read in tables and sentences. All functions: [any-thread].
namespace espalier::host {

/// Two digits after the point, or six in all where that is more than anybody reads.
ESPALIER_EXPORT std::string shown(double value);
/// The same, with four digits where the metric is a bare number, such as a similarity between 0 and 1.
ESPALIER_EXPORT std::string shown(double value, const Metric& metric);
/// "[93.901, 94.209]"
ESPALIER_EXPORT std::string interval(const Interval& interval);
/// The same of a figure. Below five values an interval says little, and the values stand beside it: "[93.901,
/// 94.209] of 94.01, 93.99, 94.16". Empty for one value.
ESPALIER_EXPORT std::string interval(const Statistics& figure);
ESPALIER_EXPORT bool has_interval(const std::optional<Statistics>& figure);
/// A metric in a sentence: "test accuracy".
ESPALIER_EXPORT std::string spoken(const Metric& metric);
/// A metric above a column: "validation %", "raspi4 latency ms".
ESPALIER_EXPORT std::string title_of(const Metric& metric);

}  // namespace espalier::host
