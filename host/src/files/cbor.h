#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

namespace espalier::host {

/// Whether parse_cbor() would read these bytes. Looks at them where they are.
bool is_parsable_cbor(std::string_view bytes);

/// Reads what nlohmann::json::to_cbor() wrote; nothing where it is damaged. The library's own reader
/// recurses: a file that nests without end would exhaust the stack.
std::optional<nlohmann::json> parse_cbor(std::string_view bytes);

}  // namespace espalier::host
