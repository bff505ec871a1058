#include "training/clip_gradients.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace espalier {

void clip_gradients(const std::vector<at::Tensor>& parameters, double limit) {
  if (limit <= 0.0) return;
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> norms;
  for (const at::Tensor& parameter : parameters)
    if (parameter.grad().defined()) norms.push_back(parameter.grad().norm());
  if (norms.empty()) return;
  const double norm = at::stack(norms).norm().item<double>();
  if (norm <= limit) return;
  for (const at::Tensor& parameter : parameters)
    if (parameter.grad().defined()) parameter.grad().mul_(limit / (norm + 1e-6));
}

}  // namespace espalier
