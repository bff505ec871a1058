#pragma once

#include <string>

#include "espalier/exports/exported_network.h"

namespace espalier::exports {

/// Which file the function load() of model.py reads: weights.pt or weights.safetensors.
enum class ModelWeights { state_dict, safetensors };

/// model.py: the network as classes of plain PyTorch, with the names and the nesting of the graph, and a
/// function that loads its weights. Groups that are alike share a class, whose arguments are the numbers in
/// which they differ.
std::string model_source(const ExportedNetwork& network, ModelWeights weights);

/// The method forward() of the network in TorchScript: a line for each layer.
std::string torch_script_source(const ExportedNetwork& network);

/// A text as a literal of Python, in ASCII.
std::string python_literal(const std::string& text);

}  // namespace espalier::exports
