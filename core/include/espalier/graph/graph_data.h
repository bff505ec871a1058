#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "espalier/graph/attributes.h"
#include "espalier/graph/graph.h"
#include "espalier/graph/operation.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// What an edge holds: an operation (`identity` in a new edge), attributes, and whether it is final.
class ESPALIER_EXPORT EdgeData : public Attributes {
 public:
  EdgeData(int from, int to);

  int from() const { return from_; }
  int to() const { return to_; }

  Operation& op() { return op_; }
  const Operation& op() const { return op_; }
  void set_op(Operation op) { op_ = std::move(op); }

  /// update_edges() never visits a final edge, so that no optimizer changes it.
  bool is_final() const { return final_; }
  void set_final(bool value = true) { final_ = value; }

  /// What a search space calls the choice among the candidates of this edge: "stage_1.depth". Empty when its
  /// place is its name.
  const std::string& choice_name() const { return choice_name_; }
  void set_choice_name(std::string name) { choice_name_ = std::move(name); }

 private:
  int from_;
  int to_;
  Operation op_;
  std::string choice_name_;
  bool final_ = false;
};

/// What a node holds: how it combines its inputs (a new node sums them), an optional operation on the result,
/// and attributes.
///
/// When that operation is a graph with several input nodes, the inputs are not combined: they go to the
/// graph's input nodes one by one, in the order of in_edges().
class ESPALIER_EXPORT NodeData : public Attributes {
 public:
  NodeData();

  const Primitive& combine() const { return combine_; }
  void set_combine(Primitive combine) { combine_ = std::move(combine); }

  std::optional<Operation>& op() { return op_; }
  const std::optional<Operation>& op() const { return op_; }
  void set_op(Operation op) { op_ = std::move(op); }

  /// The same as EdgeData::choice_name(), for the operation of a node.
  const std::string& choice_name() const { return choice_name_; }
  void set_choice_name(std::string name) { choice_name_ = std::move(name); }

  /// A second classifier that reads this node; only training from scratch uses it. A space's hook
  /// prepare_evaluation sets it at one node of the network.
  const std::optional<Primitive>& auxiliary_head() const { return auxiliary_head_; }
  void set_auxiliary_head(Primitive head) { auxiliary_head_ = std::move(head); }

 private:
  Primitive combine_;
  std::optional<Operation> op_;
  std::optional<Primitive> auxiliary_head_;
  std::string choice_name_;
};

template <class T>
std::vector<T> Graph::all_edge_data(const std::string& key, const Scopes& scopes) const {
  std::vector<T> values;
  std::set<const void*> seen;
  visit_edges(
      [&](const EdgeData& edge) {
        if (!edge.has(key)) return;
        if (edge.is_shared(key) && !seen.insert(edge.shared_identity()).second) return;
        values.push_back(edge.get<T>(key));
      },
      scopes);
  return values;
}

}  // namespace espalier
