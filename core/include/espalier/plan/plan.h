#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "espalier/plan/layer_graph.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The passes of the compiler, in the order in which they run. Each can be switched off; without any of them
/// a network is computed layer by layer, which is the reference that tests compare against.
struct PlanOptions {
  bool drop_identities = true;   ///< removes zeros from sums, and identities and sums of one term altogether
  bool share_layers = true;      ///< computes equal layers without weights that read one tensor only once
  bool flatten_sums = true;      ///< makes a sum and the weighted sums that enter it one sum
  bool fan_out = true;           ///< makes the convolutions that read one tensor alike one step
  bool fold_batch_norms = true;  ///< makes a batch norm part of the sum that reads it, or a sum of one term
  bool merge_convolutions = true;  ///< makes equal convolutions of one tensor one call, batch norms included
  bool release_tensors = true;     ///< releases a tensor after its last reader

  static PlanOptions none() { return {false, false, false, false, false, false, false}; }
};

/// One call of a compiled network.
struct PlanStep {
  enum class Kind {
    layer,         ///< one layer of the alphabet
    convolutions,  ///< convolutions of one form over their concatenated filters, and their batch norms
    fan_out,       ///< the convolutions, or chains of two, that read one tensor in the same way
    sum,           ///< Σ weight·value, or Σ weight·batch_norm(value)
  };
  /// A term of a sum. The weight is that of a candidate of a relaxed edge, or 1.
  struct Term {
    int value;
    int weighted_sum = -1;  ///< the layer whose weighting applies; -1 where the weight is 1
    int candidate = 0;
    int batch_norm = -1;       ///< the layer that normalizes the value first, or -1
    bool only_reader = false;  ///< whether nothing else reads the value
  };

  /// How a `fan_out` reads its input: relu(batch_norm(value)), without the parts that are absent.
  struct Reading {
    int batch_norm = -1;  ///< the layer that normalizes the value, or -1
    bool relu = false;
    friend bool operator==(const Reading&, const Reading&) = default;
  };
  /// What a `fan_out` makes of what it read: a depthwise convolution, a convolution of all channels, or a
  /// depthwise one followed by a 1×1 convolution of all channels.
  struct Branch {
    int depthwise = -1;    ///< a layer, or -1
    int convolution = -1;  ///< a layer, or -1
  };

  Kind kind = Kind::layer;
  std::vector<int> inputs;       ///< the tensors it reads: layers, or LayerGraph::kInput
  std::vector<int> outputs;      ///< the layers whose tensors leave it
  std::vector<int> layers;       ///< all layers that it computes; of `convolutions`, the convolutions alone
  std::vector<int> batch_norms;  ///< of `convolutions`: one behind each convolution, or none at all
  std::vector<Term> terms;       ///< of `sum`
  Reading reading;               ///< of `fan_out`
  std::vector<Branch> branches;  ///< of `fan_out`: one for each output
  std::vector<int> released;     ///< the tensors that nothing reads after this step
};

/// A network as a list of steps: what `espalier inspect --compiled` shows and the network library runs.
struct ESPALIER_EXPORT Plan {
  LayerGraph graph;
  std::vector<PlanStep> steps;          ///< in the order in which they run
  int output = LayerGraph::kInput;      ///< the tensor that leaves
  std::optional<int> auxiliary_output;  ///< the tensor that leaves the auxiliary head, where there is one
  std::vector<std::string> notes;       ///< what each pass did: "share_layers: 210 layers share a result"

  /// Whether a step reads a tensor through a batch norm.
  bool is_normalized(int value) const;
};

/// Turns a graph of layers into steps and runs the passes over them.
ESPALIER_EXPORT Plan make_plan(LayerGraph graph, const PlanOptions& options = {});

}  // namespace espalier
