#pragma once

#include <nlohmann/json.hpp>

#include "espalier/plugin/export.h"
#include "espalier/search/outcome.h"
#include "espalier/space/architecture.h"

/// For the state of an optimizer: `state["population"] = population` and `.get<...>()` just work.
namespace espalier {

ESPALIER_EXPORT void to_json(nlohmann::json& json, const Architecture& architecture);
ESPALIER_EXPORT void from_json(const nlohmann::json& json, Architecture& architecture);
ESPALIER_EXPORT void to_json(nlohmann::json& json, const Outcome& outcome);
ESPALIER_EXPORT void from_json(const nlohmann::json& json, Outcome& outcome);

}  // namespace espalier
