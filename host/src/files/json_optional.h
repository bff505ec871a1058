#pragma once

#include <nlohmann/json.hpp>
#include <optional>

namespace espalier::host {

/// The files keep the order in which their keys are written here.
using OrderedJson = nlohmann::ordered_json;

inline OrderedJson to_json_or_null(const std::optional<double>& value) {
  return value ? OrderedJson(*value) : OrderedJson(nullptr);
}

inline std::optional<double> number_or_null(const nlohmann::json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

}  // namespace espalier::host
