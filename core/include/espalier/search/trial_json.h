#pragma once

#include <nlohmann/json.hpp>

#include "espalier/plugin/export.h"
#include "espalier/search/outcome.h"
#include "espalier/search/trial.h"
#include "espalier/space/architecture_json.h"

/// Trials and outcomes as JSON, for the state of an optimizer. A trial is {"id": 7, "architecture": [0, 3,
/// 1], "fidelity": 200}, an outcome {"values": [91.5], "seconds": 60}. Reading throws Error when the JSON has
/// another form or holds a number that is not finite.
namespace espalier {

ESPALIER_EXPORT void to_json(nlohmann::json& json, const Trial& trial);
ESPALIER_EXPORT void from_json(const nlohmann::json& json, Trial& trial);
ESPALIER_EXPORT void to_json(nlohmann::json& json, const Outcome& outcome);
ESPALIER_EXPORT void from_json(const nlohmann::json& json, Outcome& outcome);

}  // namespace espalier
