#include "compile/layer_backward.h"

#include <ATen/ATen.h>

#include <utility>

#include "espalier/plugin/plugin_call.h"

namespace espalier {
namespace {

/// The layer that this thread's backward pass is in.
std::shared_ptr<const LayerDefinition>& current_layer() {
  thread_local std::shared_ptr<const LayerDefinition> layer;
  return layer;
}

}  // namespace

void watch_backward(const std::shared_ptr<const LayerDefinition>& layer,
                    const std::vector<at::Tensor>& inputs, const at::Tensor& output) {
  if (!output.requires_grad() || output.is_leaf()) return;
  for (const at::Tensor& input : inputs) {
    if (output.is_same(input)) return;
    if (input.requires_grad()) input.register_hook([](const at::Tensor&) { current_layer() = nullptr; });
  }
  output.register_hook([layer](const at::Tensor&) { current_layer() = layer; });
}

void run_backward(const at::Tensor& loss) {
  current_layer() = nullptr;
  try {
    loss.backward();
  } catch (...) {
    const auto layer = std::exchange(current_layer(), nullptr);
    if (layer == nullptr) throw;
    rethrow_from_plugin(layer->origin(), "backward pass");
  }
  current_layer() = nullptr;
}

}  // namespace espalier
