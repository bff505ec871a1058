#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json.hpp>

namespace espalier {

/// Shape, type and bytes: exact, and compact in CBOR.
nlohmann::json to_json(const at::Tensor& tensor);

/// Fills `tensor`. Throws Error when shape or type differ, nlohmann::json::exception when it is no tensor.
void copy_from_json(const nlohmann::json& json, const at::Tensor& tensor);

}  // namespace espalier
