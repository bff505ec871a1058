#include "espalier/network/compile/weights_file.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

struct StoredScalarType {
  at::ScalarType type;
  std::string_view name;
};
constexpr std::array<StoredScalarType, 10> kScalarTypes = {{{at::kFloat, "F32"},
                                                            {at::kDouble, "F64"},
                                                            {at::kHalf, "F16"},
                                                            {at::kBFloat16, "BF16"},
                                                            {at::kLong, "I64"},
                                                            {at::kInt, "I32"},
                                                            {at::kShort, "I16"},
                                                            {at::kChar, "I8"},
                                                            {at::kByte, "U8"},
                                                            {at::kBool, "BOOL"}}};

std::string type_name(at::ScalarType type, const std::string& tensor) {
  for (const StoredScalarType& known : kScalarTypes)
    if (known.type == type) return std::string(known.name);
  throw Error({.what = fmt::format("the weights \"{}\" have the type {}, which is not stored", tensor,
                                   c10::toString(type)),
               .expected = "real or whole numbers"});
}

StoredTensor stored(const std::string& name, const at::Tensor& tensor) {
  const at::Tensor dense = tensor.detach().to(at::kCPU).contiguous();
  return {.type = type_name(dense.scalar_type(), name),
          .shape = dense.sizes().vec(),
          .bytes = std::string(static_cast<const char*>(dense.data_ptr()), dense.nbytes())};
}

void set(const StoredTensors& weights, const std::string& where, const std::string& name,
         const at::Tensor& tensor) {
  const auto found = weights.tensors.find(name);
  if (found == weights.tensors.end() || at::IntArrayRef(found->second.shape) != tensor.sizes() ||
      found->second.type != type_name(tensor.scalar_type(), name)) {
    throw Error({.what = fmt::format("the saved weights have no \"{}\" that fits", name),
                 .where = where,
                 .expected = "the weights of the same network"});
  }
  const at::Tensor dense = at::empty(tensor.sizes(), at::TensorOptions().dtype(tensor.scalar_type()));
  std::memcpy(dense.data_ptr(), found->second.bytes.data(), found->second.bytes.size());
  tensor.copy_(dense);
}

}  // namespace

StoredTensors stored_weights(const Network& network) {
  StoredTensors weights;
  for (const auto& entry : network.named_parameters())
    weights.tensors.emplace(entry.key(), stored(entry.key(), entry.value()));
  for (const auto& entry : network.named_buffers())
    weights.tensors.emplace(entry.key(), stored(entry.key(), entry.value()));
  return weights;
}

void set_weights(const StoredTensors& weights, const std::string& where, Network& network) {
  const at::NoGradGuard no_grad;
  for (const auto& entry : network.named_parameters()) set(weights, where, entry.key(), entry.value());
  for (const auto& entry : network.named_buffers()) set(weights, where, entry.key(), entry.value());
}

std::string save_weights(const Network& network) { return write_safetensors(stored_weights(network)); }

void load_weights(const std::filesystem::path& file, Network& network) {
  set_weights(read_trained_weights(file), file.string(), network);
}

}  // namespace espalier
