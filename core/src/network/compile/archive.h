#pragma once

#include <torch/nn/module.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>

namespace espalier {

/// Writes the parameters and buffers of a module and its children, on the CPU, under their names.
void write_module(const torch::nn::Module& module, torch::serialize::OutputArchive& archive);

/// Reads them back. Throws Error that names the first that is missing or does not fit.
void read_module(torch::serialize::InputArchive& archive, const torch::nn::Module& module);

}  // namespace espalier
