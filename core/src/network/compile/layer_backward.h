#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "espalier/layers/layer.h"

// A plugin's layer computes its gradient within LibTorch's backward pass, which does not know whose layer it
// is in. So the tensors around the layer have hooks: one where the gradient of its output arrives, which is
// when its backward pass begins, and one where those of its inputs do, which is when it has ended.
namespace espalier {

/// Sets these hooks for a layer that computed `output` from `inputs`.
void watch_backward(const std::shared_ptr<const LayerDefinition>& layer,
                    const std::vector<at::Tensor>& inputs, const at::Tensor& output);

/// Runs the backward pass of a loss. On a CPU, where it runs on this thread, what a plugin's layer throws in
/// it names the layer and its file.
void run_backward(const at::Tensor& loss);

}  // namespace espalier
