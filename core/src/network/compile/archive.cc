#include "compile/archive.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <string>

#include "espalier/errors/errors.h"

namespace espalier {

using torch::nn::Module;
using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

namespace {

void read_tensor(InputArchive& archive, const std::string& name, const at::Tensor& tensor, bool is_buffer) {
  at::Tensor found;
  if (!archive.try_read(name, found, is_buffer) || found.sizes() != tensor.sizes() ||
      found.scalar_type() != tensor.scalar_type()) {
    throw Error({.what = "the saved weights have no \"" + name + "\" that fits",
                 .expected = "the weights of the same network"});
  }
  tensor.copy_(found);
}

}  // namespace

void write_module(const Module& module, OutputArchive& archive) {
  const auto dense = [](const at::Tensor& tensor) { return tensor.detach().to(at::kCPU).contiguous(); };
  for (const auto& entry : module.named_parameters(/*recurse=*/false))
    archive.write(entry.key(), dense(entry.value()));
  for (const auto& entry : module.named_buffers(/*recurse=*/false))
    archive.write(entry.key(), dense(entry.value()), /*is_buffer=*/true);
  for (const auto& child : module.named_children()) {
    OutputArchive nested(archive.compilation_unit());
    write_module(*child.value(), nested);
    archive.write(child.key(), nested);
  }
}

void read_module(InputArchive& archive, const Module& module) {
  const at::NoGradGuard no_grad;
  for (const auto& entry : module.named_parameters(/*recurse=*/false))
    read_tensor(archive, entry.key(), entry.value(), /*is_buffer=*/false);
  for (const auto& entry : module.named_buffers(/*recurse=*/false))
    read_tensor(archive, entry.key(), entry.value(), /*is_buffer=*/true);
  for (const auto& child : module.named_children()) {
    InputArchive nested;
    if (!archive.try_read(child.key(), nested)) {
      throw Error({.what = "the saved weights have no \"" + child.key() + "\"",
                   .expected = "the weights of the same network"});
    }
    read_module(nested, *child.value());
  }
}

}  // namespace espalier
