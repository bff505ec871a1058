#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "espalier/network/compile/network.h"

namespace espalier::contract {

/// Gradients by the names of what they are of.
using Gradients = std::map<std::string, at::Tensor>;

/// Those of all weights that can have one.
Gradients gradients_of(Network& network);

/// Throws Violation unless each of `gradients` is finite and, for one of several seeds, not zero: behind a
/// ReLU it may be zero by chance.
void expect_learning(const std::string& of, const std::function<Gradients(std::uint64_t seed)>& gradients);

/// Cross entropy for labels that are as good as any.
at::Tensor loss_of(const at::Tensor& logits);

}  // namespace espalier::contract
