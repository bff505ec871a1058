#pragma once

#include <memory>

#include "espalier/network/compile/network.h"
#include "espalier/plan/layer_graph.h"

/// A network of `layers` in inference, compiled as a trained one is, for so many threads of the CPU, with
/// random weights of the size that those of a trained network have.
std::shared_ptr<espalier::Network> random_network(const espalier::LayerGraph& layers, int threads);
