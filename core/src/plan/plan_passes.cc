#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "plan/plan_builder.h"

namespace espalier {

using Kind = PlanStep::Kind;

namespace {

/// Whether two such layers that read the same compute the same.
bool is_function(const Layer& layer) {
  return layer.get_if<ReLU>() || layer.get_if<MaxPool>() || layer.get_if<AvgPool>() || layer.get_if<Zero>() ||
         layer.get_if<Identity>() || layer.get_if<GlobalAvgPool>() || layer.get_if<Shift>() ||
         layer.get_if<Concat>();
}

}  // namespace

void PlanBuilder::drop() {
  std::set<int> zeros;
  int dropped = 0;
  for (PlanStep& step : plan_.steps) {
    update(step);
    const int output = step.outputs.front();
    if (layer_of<Identity>(step)) {
      replace(output, step.inputs.front());
      step.outputs.clear();
      ++dropped;
    } else if (layer_of<Zero>(step)) {
      zeros.insert(output);
    } else if (step.kind == Kind::sum) {
      dropped += static_cast<int>(
          std::erase_if(step.terms, [&](const PlanStep::Term& term) { return zeros.contains(term.value); }));
      if (step.terms.empty()) {
        zeros.insert(output);
      } else if (step.terms.size() == 1 && step.terms.front().weighted_sum < 0) {
        replace(output, step.terms.front().value);
        step.outputs.clear();
        ++dropped;
      }
    }
  }
  sweep();
  plan_.notes.push_back(fmt::format("drop: {} zeros, identities and sums of one term", dropped));
}

void PlanBuilder::share() {
  int shared = 0;
  std::map<std::vector<int>, std::vector<int>> by_inputs;
  for (PlanStep& step : plan_.steps) {
    update(step);
    if (step.kind != Kind::layer || !is_function(layer(step.layers.front()))) continue;
    std::vector<int>& others = by_inputs[step.inputs];
    const int output = step.outputs.front();
    const auto equal = std::find_if(others.begin(), others.end(), [&](int other) {
      return layer(other) == layer(output) && shape(other) == shape(output);
    });
    if (equal == others.end()) {
      others.push_back(output);
      continue;
    }
    replace(output, *equal);
    step.outputs.clear();
    ++shared;
  }
  sweep();
  plan_.notes.push_back(fmt::format("share: {} layers equal to another", shared));
}

void PlanBuilder::merge() {
  const std::vector<int> readers = count_readers();
  // The batch norm that alone reads a convolution.
  std::map<int, PlanStep*> norm_behind;
  for (PlanStep& step : plan_.steps) {
    if (layer_of<BatchNorm>(step) && step.inputs.front() != LayerGraph::kInput &&
        readers[static_cast<std::size_t>(step.inputs.front())] == 1)
      norm_behind[step.inputs.front()] = &step;
  }
  struct Group {
    int input;
    Conv2d convolution;
    std::optional<BatchNorm> norm;
    std::vector<PlanStep*> members;
  };
  std::vector<Group> groups;
  for (PlanStep& step : plan_.steps) {
    const Conv2d* convolution = layer_of<Conv2d>(step);
    // Grouped convolutions side by side are slower, backwards above all.
    if (convolution == nullptr || convolution->groups != 1 || convolution->bias) continue;
    const auto behind = norm_behind.find(step.outputs.front());
    const std::optional<BatchNorm> norm =
        behind == norm_behind.end() ? std::nullopt : std::optional(*layer_of<BatchNorm>(*behind->second));
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return group.input == step.inputs.front() && group.convolution == *convolution && group.norm == norm;
    });
    if (same != groups.end())
      same->members.push_back(&step);
    else
      groups.push_back({step.inputs.front(), *convolution, norm, {&step}});
  }
  int merged = 0;
  for (const Group& group : groups) {
    if (group.members.size() < 2) continue;
    merged += static_cast<int>(group.members.size());
    PlanStep& first = *group.members.front();
    PlanStep step;
    step.kind = Kind::convolutions;
    step.inputs = {group.input};
    for (PlanStep* member : group.members) {
      step.layers.push_back(member->layers.front());
      if (group.norm) {
        PlanStep* norm = norm_behind.at(member->outputs.front());
        step.batch_norms.push_back(norm->layers.front());
        norm->outputs.clear();
      }
      member->outputs.clear();
    }
    step.outputs = group.norm ? step.batch_norms : step.layers;
    first = std::move(step);
  }
  sweep();
  plan_.notes.push_back(
      fmt::format("merge: {} convolutions into {} calls", merged,
                  std::count_if(plan_.steps.begin(), plan_.steps.end(),
                                [](const auto& step) { return step.kind == Kind::convolutions; })));
}

void PlanBuilder::fuse() {
  const std::vector<int> readers = count_readers();
  std::map<int, PlanStep*> sums;
  int fused = 0;
  for (PlanStep& step : plan_.steps) {
    if (step.kind != Kind::sum) continue;
    std::vector<PlanStep::Term> terms;
    for (const PlanStep::Term& term : step.terms) {
      const auto inner = sums.find(term.value);
      const bool inlined =
          term.weighted_sum < 0 && inner != sums.end() && readers[static_cast<std::size_t>(term.value)] == 1;
      if (!inlined) {
        terms.push_back(term);
        continue;
      }
      terms.insert(terms.end(), inner->second->terms.begin(), inner->second->terms.end());
      step.layers.insert(step.layers.begin(), inner->second->layers.begin(), inner->second->layers.end());
      inner->second->outputs.clear();
      ++fused;
    }
    step.terms = std::move(terms);
    update(step);
    sums[step.outputs.front()] = &step;
  }
  sweep();
  plan_.notes.push_back(fmt::format("fuse: {} weighted sums into the sums that they enter", fused));
}

void PlanBuilder::fold() {
  const std::vector<int> readers = count_readers();
  struct Reader {
    PlanStep* sum;
    PlanStep::Term* term;
  };
  std::map<int, Reader> summed;
  for (PlanStep& step : plan_.steps)
    for (PlanStep::Term& term : step.terms) summed[term.value] = {&step, &term};
  int folded = 0;
  for (PlanStep& step : plan_.steps) {
    if (!layer_of<BatchNorm>(step)) continue;
    ++folded;
    const int norm = step.layers.front();
    const int value = step.inputs.front();
    const auto reader = summed.find(norm);
    if (reader == summed.end() || readers[static_cast<std::size_t>(norm)] > 1) {
      step.kind = Kind::sum;
      step.terms = {{.value = value, .batch_norm = norm}};
      continue;
    }
    const auto [sum, term] = reader->second;
    term->value = value;
    term->batch_norm = norm;
    sum->layers.push_back(norm);
    step.outputs.clear();
  }
  sweep();
  plan_.notes.push_back(fmt::format("fold: {} batch norms into sums", folded));
}

}  // namespace espalier
