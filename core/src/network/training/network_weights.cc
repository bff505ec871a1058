#include "espalier/network/training/network_weights.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/api/include/torch/serialize.h>
#include <torch/csrc/jit/api/module.h>

#include <cstring>
#include <sstream>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/space/search_space.h"

namespace espalier {
namespace {

class OpenedNetwork final : public TrainedNetwork {
 public:
  OpenedNetwork(std::shared_ptr<Network> network, const Shape& input, const CompileOptions& options)
      : network_(std::move(network)), input_(input), options_(options) {
    network_->eval();
  }

  std::vector<float> logits(std::span<const float> images) override {
    const at::NoGradGuard no_grad;
    const std::int64_t count = static_cast<std::int64_t>(images.size()) / input_.elements();
    at::Tensor batch = at::empty({count, input_.channels, input_.height, input_.width}, at::kFloat);
    std::memcpy(batch.data_ptr(), images.data(), images.size_bytes());
    batch = batch.to(options_.device, options_.dtype);
    const at::Tensor logits = network_->forward(batch).to(at::kCPU, at::kFloat).contiguous();
    const auto* begin = logits.data_ptr<float>();
    return {begin, begin + logits.numel()};
  }

 private:
  std::shared_ptr<Network> network_;
  Shape input_;
  CompileOptions options_;
};

at::Tensor tensor_of(const StoredTensor& stored) {
  const std::vector<float> numbers = to_floats(stored);
  const at::Tensor tensor = at::empty(stored.shape, at::kFloat);
  std::memcpy(tensor.data_ptr(), numbers.data(), numbers.size() * sizeof(float));
  return tensor;
}

/// The tensors whose names begin with the same part stand in a module of that name. A module of TorchScript
/// is complete before it enters another, because its type does not change afterwards.
torch::jit::Module module_of(const std::string& name, const std::map<std::string, at::Tensor>& tensors,
                             const std::shared_ptr<torch::jit::CompilationUnit>& unit) {
  torch::jit::Module module(name, unit);
  std::map<std::string, std::map<std::string, at::Tensor>> children;
  for (const auto& [path, tensor] : tensors) {
    const std::size_t dot = path.find('.');
    if (dot == std::string::npos) {
      module.register_attribute(path, c10::TensorType::get(), tensor, /*is_param=*/false,
                                /*is_buffer=*/true);
    } else {
      children[path.substr(0, dot)].emplace(path.substr(dot + 1), tensor);
    }
  }
  for (const auto& [child, inner] : children)
    module.register_module(child, module_of(name + "_" + child, inner, unit));
  return module;
}

}  // namespace

std::unique_ptr<TrainedNetwork> NetworkWeights::open_network(const SearchSpace& space,
                                                             const Architecture& architecture,
                                                             const StoredTensors& weights,
                                                             const std::string& where) const {
  const CompileOptions options = compile_options();
  const bool search = purpose() == Purpose::search;
  auto network = compile(search ? space.subnetwork(architecture) : space.instantiate(architecture),
                         space.input_shape(), purpose(), options);
  set_weights(weights, where, *network);
  return std::make_unique<OpenedNetwork>(std::move(network), space.input_shape(), options);
}

std::string NetworkWeights::state_dict(const StoredTensors& weights) const {
  c10::Dict<std::string, at::Tensor> state;
  for (const auto& [name, tensor] : weights.tensors) state.insert(name, tensor_of(tensor));
  const std::vector<char> bytes = torch::pickle_save(state);
  return {bytes.begin(), bytes.end()};
}

std::string NetworkWeights::torch_script(std::string_view forward, const StoredTensors& weights) const try {
  std::map<std::string, at::Tensor> tensors;
  for (const auto& [name, tensor] : weights.tensors) tensors.emplace(name, tensor_of(tensor));
  torch::jit::Module module = module_of("Network", tensors, std::make_shared<torch::jit::CompilationUnit>());
  module.define(std::string(forward));
  module.eval();
  std::ostringstream bytes;
  module.save(bytes);
  return std::move(bytes).str();
} catch (const c10::Error& error) {
  const std::string message = error.what_without_backtrace();
  throw Error({.what = "TorchScript refuses the network: " + message,
               .expected = "layers whose code TorchScript compiles"});
}

}  // namespace espalier
