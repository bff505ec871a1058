#include "espalier/network/compile/weights_file.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>

#include <sstream>
#include <string>
#include <utility>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

using torch::nn::Module;
using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

void write(const Module& module, OutputArchive& archive) {
  const auto dense = [](const at::Tensor& tensor) { return tensor.detach().to(at::kCPU).contiguous(); };
  for (const auto& entry : module.named_parameters(/*recurse=*/false))
    archive.write(entry.key(), dense(entry.value()));
  for (const auto& entry : module.named_buffers(/*recurse=*/false))
    archive.write(entry.key(), dense(entry.value()), /*is_buffer=*/true);
  for (const auto& child : module.named_children()) {
    OutputArchive nested(archive.compilation_unit());
    write(*child.value(), nested);
    archive.write(child.key(), nested);
  }
}

void read_tensor(InputArchive& archive, const std::string& name, const at::Tensor& tensor, bool is_buffer) {
  at::Tensor found;
  if (!archive.try_read(name, found, is_buffer) || found.sizes() != tensor.sizes() ||
      found.scalar_type() != tensor.scalar_type()) {
    throw Error({.what = "the saved weights have no \"" + name + "\" that fits",
                 .expected = "the weights of the same network"});
  }
  tensor.copy_(found);
}

void read(InputArchive& archive, const Module& module) {
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
    read(nested, *child.value());
  }
}

}  // namespace

std::string save_weights(const Network& network) {
  OutputArchive archive;
  write(network, archive);
  std::ostringstream bytes;
  archive.save_to(bytes);
  return std::move(bytes).str();
}

void load_weights(const std::filesystem::path& file, Network& network) try {
  const at::NoGradGuard no_grad;
  InputArchive archive;
  archive.load_from(file.string(), at::Device(at::kCPU));
  read(archive, network);
} catch (const c10::Error& error) {
  const std::string message = error.what_without_backtrace();
  throw Error({.what = "the weights cannot be read: " + message.substr(0, message.find('\n')),
               .where = file.string()});
}

}  // namespace espalier
