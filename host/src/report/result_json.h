#pragma once

#include <nlohmann/json.hpp>

#include "espalier/host/report/summary.h"
#include "files/json_optional.h"

namespace espalier::host {

/// {"name": "validation_accuracy", "unit": "%", "direction": "maximize"}
OrderedJson to_json(const Metric& metric);
/// Reads it back. Throws an exception of json when it has another form.
Metric metric_of(const nlohmann::json& json);

/// {"validation_accuracy": 91.6}, or {} where there is no value.
OrderedJson values_to_json(const std::vector<double>& values, const ResultMetrics& metrics);
OrderedJson report_to_json(const std::optional<double>& report, const ResultMetrics& metrics);

/// What result.json and summary.json both say of a finished search.
OrderedJson to_json(const SeedResult& result, const ResultMetrics& metrics);
/// Reads it back. Throws an exception of json when it has another form, other metrics among them.
SeedResult seed_result(const nlohmann::json& json, const ResultMetrics& metrics);

}  // namespace espalier::host
