#include "tensors/tensor_json.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"

namespace espalier {

nlohmann::json to_json(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.detach().to(at::kCPU).contiguous();
  const auto* bytes = static_cast<const std::uint8_t*>(dense.data_ptr());
  return {{"shape", dense.sizes().vec()},
          {"type", std::string(c10::toString(dense.scalar_type()))},
          {"bytes", nlohmann::json::binary({bytes, bytes + dense.nbytes()})}};
}

void copy_from_json(const nlohmann::json& json, const at::Tensor& tensor) {
  const auto shape = json.at("shape").get<std::vector<std::int64_t>>();
  const std::string type = json.at("type").get<std::string>();
  const auto& bytes = json.at("bytes").get_binary();
  if (at::IntArrayRef(shape) != tensor.sizes() || type != c10::toString(tensor.scalar_type()) ||
      bytes.size() != tensor.nbytes()) {
    throw Error({.what = "a saved tensor does not fit", .expected = "the tensors of the same network"});
  }
  const at::Tensor dense = at::empty(shape, at::TensorOptions().dtype(tensor.scalar_type()));
  std::memcpy(dense.data_ptr(), bytes.data(), bytes.size());
  const at::NoGradGuard no_grad;
  tensor.copy_(dense);
}

}  // namespace espalier
