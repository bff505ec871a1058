#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "page/document.h"

namespace espalier::page {

using OrderedJson = nlohmann::ordered_json;

/// [any-thread] The content of a figure; its `kind` says how the script draws it.
OrderedJson content_to_json(const Figure& figure);

/// [any-thread] What is not a finite number is null.
inline OrderedJson number_to_json(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? OrderedJson(*value) : OrderedJson();
}

/// An array of what `to` makes of each.
template <class Values, class To>
OrderedJson list_to_json(const Values& values, const To& to) {
  OrderedJson json = OrderedJson::array();
  for (const auto& value : values) json.push_back(to(value));
  return json;
}

}  // namespace espalier::page
