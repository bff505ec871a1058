#pragma once

#include <nlohmann/json.hpp>

namespace espalier::contract {

/// The state as it is read back from a checkpoint, which is CBOR.
inline nlohmann::json rewritten(const nlohmann::json& state) {
  return nlohmann::json::from_cbor(nlohmann::json::to_cbor(state));
}

}  // namespace espalier::contract
