#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace espalier {

/// The beginning of the JSON text, for a message.
std::string json_excerpt(const nlohmann::json& json);

}  // namespace espalier
