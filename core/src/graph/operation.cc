#include "espalier/graph/operation.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "espalier/errors/errors.h"

namespace espalier {

Operation::Operation(Primitive primitive) : value_(std::move(primitive)) {}

Operation::Operation(Graph graph) : value_(std::move(graph)) {}

Operation::Operation(Candidates candidates) : value_(std::move(candidates)) {}

Operation::Operation(Mixed mixed) : value_(std::move(mixed)) {
  const Mixed& value = std::get<Mixed>(value_);
  if (value.weighting && value.weighting->size() != value.candidates.size()) {
    throw Error({.what = fmt::format("a weighting of {} weights for {} candidates", value.weighting->size(),
                                     value.candidates.size()),
                 .expected = "one weight per candidate"});
  }
}

std::string Operation::name() const {
  if (const Primitive* op = primitive()) return op->name();
  if (const Graph* op = graph()) return op->name();
  return mixed() ? "mixed" : "candidates";
}

Candidates* Operation::candidates() {
  if (auto* mix = std::get_if<Mixed>(&value_)) return &mix->candidates;
  return std::get_if<Candidates>(&value_);
}

const Candidates* Operation::candidates() const {
  if (const auto* mix = std::get_if<Mixed>(&value_)) return &mix->candidates;
  return std::get_if<Candidates>(&value_);
}

std::vector<Graph*> Operation::graphs() {
  if (Graph* single = graph()) return {single};
  std::vector<Graph*> found;
  if (Candidates* list = candidates()) {
    for (Operation& candidate : *list) std::ranges::copy(candidate.graphs(), std::back_inserter(found));
  }
  return found;
}

void Operation::detach(CloneMemo& memo) {
  for (Graph* nested : graphs()) nested->detach(memo);
}

}  // namespace espalier
