#pragma once

#include <memory>
#include <string>
#include <vector>

#include "espalier/exports/exported_network.h"

namespace espalier::exports {

/// A module of the tree that the names of layers span: a layer, or a group of modules.
struct ModuleTree {
  std::string name;          ///< the last part: "conv"
  int layer = -1;            ///< the node of the graph; -1 of a group
  std::vector<int> members;  ///< the nodes within it, in order
  std::vector<ModuleTree> children;
};

/// A part of a group that is computed at once.
struct ModuleCall {
  const ModuleTree* module;
  std::string path;          ///< from the group: "edge_1_2", or "edge_1_2.conv"
  std::vector<int> inputs;   ///< the tensors that enter, by the nodes that give them
  std::vector<int> outputs;  ///< the tensors that others read
};

ModuleTree module_tree(const LayerGraph& graph);

/// Whether nothing in a module is a module of PyTorch: sums and the like, which are written in place.
bool is_in_place(const LayerGraph& graph, const ModuleTree& module);

/// What a group computes, in order. A child is taken apart where it is written in place, or where it cannot
/// be computed at once because others stand between its parts.
std::vector<ModuleCall> calls_of(const LayerGraph& graph, const ModuleTree& group);

/// What enters a module, and what others read of it.
std::vector<int> inputs_of(const LayerGraph& graph, const ModuleTree& module);
std::vector<int> outputs_of(const LayerGraph& graph, const ModuleTree& module);

}  // namespace espalier::exports
