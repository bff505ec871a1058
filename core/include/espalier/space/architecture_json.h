#pragma once

#include <nlohmann/json.hpp>

#include "espalier/plugin/export.h"
#include "espalier/search/outcome.h"
#include "espalier/space/architecture.h"

/// Architectures and outcomes as JSON, for the state of an optimizer: `state["best"] = architecture` writes
/// one, and `state.at("best").get<Architecture>()` reads it. An architecture is a list of indices, [0, 3, 1];
/// an outcome is {"value": 91.5, "seconds": 60}. Reading throws Error when the JSON has another form.
namespace espalier {

ESPALIER_EXPORT void to_json(nlohmann::json& json, const Architecture& architecture);
ESPALIER_EXPORT void from_json(const nlohmann::json& json, Architecture& architecture);
ESPALIER_EXPORT void to_json(nlohmann::json& json, const Outcome& outcome);
ESPALIER_EXPORT void from_json(const nlohmann::json& json, Outcome& outcome);

}  // namespace espalier
