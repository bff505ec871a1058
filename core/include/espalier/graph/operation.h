#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "espalier/graph/graph.h"
#include "espalier/graph/weighting.h"
#include "espalier/layers/primitive.h"
#include "espalier/plugin/export.h"

namespace espalier {

class Operation;

/// The operations that an optimizer chooses from: primitives, or graphs (motifs).
using Candidates = std::vector<Operation>;

/// Candidates under a relaxation: the output of each is weighted, and the results are summed.
struct Mixed {
  Candidates candidates;
  std::shared_ptr<Weighting> weighting;
};

/// What stands on an edge or a node: a primitive, a graph, candidates to choose from, or a relaxed mix of
/// candidates. A value: copying it copies the graphs in it, which share shared attributes with the originals.
class ESPALIER_EXPORT Operation {
 public:
  Operation(Primitive primitive);    // NOLINT(google-explicit-constructor)
  Operation(Graph graph);            // NOLINT(google-explicit-constructor)
  Operation(Candidates candidates);  // NOLINT(google-explicit-constructor)
  /// Throws Error when the weighting has another number of weights than there are candidates.
  Operation(Mixed mixed);  // NOLINT(google-explicit-constructor)

  /// The name of the primitive or graph; otherwise "candidates" or "mixed".
  std::string name() const;

  // Null when the operation is something else.

  const Primitive* primitive() const { return std::get_if<Primitive>(&value_); }
  Graph* graph() { return std::get_if<Graph>(&value_); }
  const Graph* graph() const { return std::get_if<Graph>(&value_); }
  /// The candidates to choose from, or those of a mix.
  Candidates* candidates();
  const Candidates* candidates() const;
  const Mixed* mixed() const { return std::get_if<Mixed>(&value_); }

  /// The graph itself, or the graphs among the candidates; without those that are nested in them.
  std::vector<Graph*> graphs();
  /// Whether there are candidates, relaxed or not.
  bool is_choice() const { return candidates() != nullptr; }

 private:
  friend class Graph;
  void detach(CloneMemo& memo);

  std::variant<Primitive, Graph, Candidates, Mixed> value_;
};

}  // namespace espalier
