#pragma once

#include <nlohmann/json.hpp>

#include "espalier/plugin/export.h"
#include "espalier/space/architecture.h"

/// Architectures as JSON, for the state of an optimizer: `state["best"] = architecture` writes one, and
/// `state.at("best").get<Architecture>()` reads it. It is a list of indices, [0, 3, 1]. Reading throws Error
/// when the JSON has another form.
namespace espalier {

ESPALIER_EXPORT void to_json(nlohmann::json& json, const Architecture& architecture);
ESPALIER_EXPORT void from_json(const nlohmann::json& json, Architecture& architecture);

}  // namespace espalier
