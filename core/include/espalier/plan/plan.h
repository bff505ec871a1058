#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/plan/layer_graph.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The passes of the compiler, each of which can be left out. Without any, a network is computed layer
/// by layer: what tests compare against.
struct PlanOptions {
  bool share = true;   ///< equal layers without weights that read one tensor are computed once
  bool merge = true;   ///< convolutions that read one tensor, and their batch norms, become one call
  bool drop = true;    ///< zeros leave sums; identities and sums of one term vanish
  bool fuse = true;    ///< a sum and the weighted sums that enter it become one weighted sum
  bool gather = true;  ///< convolutions that read one tensor alike become one function, image by image
  bool fold = true;    ///< a batch norm becomes part of the sum that reads it, or a sum of one term
  bool free = true;    ///< a tensor is released after its last reader

  static PlanOptions none() { return {false, false, false, false, false, false, false}; }
};

/// One call of a compiled network.
struct PlanStep {
  enum class Kind {
    layer,         ///< one layer of the alphabet
    convolutions,  ///< several convolutions of one form over concatenated filters, and their batch norms
    source,        ///< the branches of convolutions that read one tensor in the same way
    sum,           ///< Σ weight·value, or Σ weight·batch_norm(value)
  };
  /// A term of a sum. The weight is that of a candidate of a relaxed edge, or 1.
  struct Term {
    int value;
    int weighted_sum = -1;  ///< the layer whose weighting applies; -1: the weight is 1
    int candidate = 0;
    int batch_norm = -1;       ///< the layer that normalises the value first; -1: none
    bool only_reader = false;  ///< nothing else reads the value
  };

  /// How a `source` reads its input: relu(batch_norm(value)), or what there is of it.
  struct Reading {
    int batch_norm = -1;  ///< the layer that normalises the value; -1: none
    bool relu = false;
    friend bool operator==(const Reading&, const Reading&) = default;
  };
  /// What a `source` computes of what it read: a depthwise convolution, a convolution of all channels, or the
  /// one and then, as a 1×1, the other.
  struct Branch {
    int depthwise = -1;    ///< a layer, or -1
    int convolution = -1;  ///< a layer, or -1
  };

  Kind kind = Kind::layer;
  std::vector<int> inputs;       ///< the tensors it reads: layers, or LayerGraph::kInput
  std::vector<int> outputs;      ///< the layers whose tensors leave it
  std::vector<int> layers;       ///< all layers that it computes; of `convolutions`, the convolutions
  std::vector<int> batch_norms;  ///< of `convolutions`: one behind each, or none
  std::vector<Term> terms;       ///< of `sum`
  Reading reading;               ///< of `source`
  std::vector<Branch> branches;  ///< of `source`: one for each output
  std::vector<int> released;     ///< tensors that nothing reads after this step
};

/// A network as a list of steps: what `espalier inspect --compiled` shows and the network library runs.
struct ESPALIER_EXPORT Plan {
  LayerGraph graph;
  std::vector<PlanStep> steps;          ///< in the order of the run
  int output = LayerGraph::kInput;      ///< the tensor that leaves
  std::optional<int> auxiliary_output;  ///< the tensor that leaves the auxiliary head, where there is one
  std::vector<std::string> notes;       ///< what each pass did: "share: 210 of 630 layers"

  /// Whether a step reads a tensor through a batch norm.
  bool is_normalised(int value) const;
};

ESPALIER_EXPORT Plan make_plan(LayerGraph graph, const PlanOptions& options = {});

}  // namespace espalier
