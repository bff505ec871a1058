#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "espalier/network/compile/network.h"

namespace espalier::contract {

/// Gradients by the names of their parameters.
using Gradients = std::map<std::string, at::Tensor>;

/// The gradients of all weights that can have one.
Gradients gradients_of(Network& network);

/// Throws Violation unless every gradient is finite and, for one of several seeds, not zero: behind a ReLU it
/// may be zero by chance.
void expect_learning(const std::string& of, const std::function<Gradients(std::uint64_t seed)>& gradients);

/// Cross entropy with arbitrary labels.
at::Tensor loss_of(const at::Tensor& logits);

}  // namespace espalier::contract
