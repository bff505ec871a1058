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

/// What an optimizer chooses from: primitives, or graphs (motifs).
using Candidates = std::vector<Operation>;

/// A list of candidates under a relaxation: all of them, weighed.
struct Mixed {
  Candidates candidates;
  std::shared_ptr<Weighting> weighting;
};

/// What stands on an edge or a node: a primitive, a graph, candidates to choose from, or a relaxed mix
/// of candidates. A value; copying it copies a graph as Graph does.
class ESPALIER_EXPORT Operation {
 public:
  Operation(Primitive primitive);    // NOLINT(google-explicit-constructor)
  Operation(Graph graph);            // NOLINT(google-explicit-constructor)
  Operation(Candidates candidates);  // NOLINT(google-explicit-constructor)
  Operation(Mixed mixed);            // NOLINT(google-explicit-constructor)

  /// The primitive's or graph's name; "candidates" or "mixed" otherwise.
  std::string name() const;

  const Primitive* primitive() const { return std::get_if<Primitive>(&value_); }
  Graph* graph() { return std::get_if<Graph>(&value_); }
  const Graph* graph() const { return std::get_if<Graph>(&value_); }
  /// The candidates of a choice or of a mix; null otherwise.
  Candidates* candidates();
  const Candidates* candidates() const;
  const Mixed* mixed() const { return std::get_if<Mixed>(&value_); }

  /// The graphs directly in here: the graph itself, or those among the candidates.
  std::vector<Graph*> graphs();
  /// Whether an optimizer has something to choose here.
  bool is_choice() const { return candidates() != nullptr; }

 private:
  friend class Graph;
  void detach(CloneMemo& memo);

  std::variant<Primitive, Graph, Candidates, Mixed> value_;
};

}  // namespace espalier
