#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "files/json_optional.h"

namespace espalier::host {

/// A JSON file that notices its own damage: its last member, "sha256", is that of all bytes before it.
std::string seal(const OrderedJson& object);

/// Whether a text is what seal() returned, byte for byte.
bool is_sealed(std::string_view text);

}  // namespace espalier::host
