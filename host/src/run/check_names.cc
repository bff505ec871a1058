#include "run/check_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

namespace espalier::host {
namespace {

/// A figure of an optimizer that this run leaves out is fine, a misspelt label is not.
void check_paper_labels(const RunConfig& config) {
  std::vector<std::string> labels;
  for (const Component& optimizer : config.optimizers) labels.push_back(optimizer.label);
  for (const auto& [label, figure] : config.paper_results) {
    if (std::ranges::find(labels, label) != labels.end()) continue;
    const std::string near = nearest(label, labels);
    if (near.empty()) continue;
    throw UsageError(
        {.what =
             fmt::format("paper_results.figures names \"{}\", which is not the label of an optimizer", label),
         .where = to_string(figure.where),
         .expected = fmt::format("one of {}", join_names(labels)),
         .nearest = near});
  }
}

}  // namespace

void check_names(const RunConfig& config, const PluginRegistry& registry) {
  const auto check = [&registry](const char* kind, const Component& component) {
    registry.find(kind, component.name, Config(component.options));
  };
  check("search_space", config.search_space);
  for (const Component& optimizer : config.optimizers) check("optimizer", optimizer);
  for (const Component& benchmark : config.benchmarks) check("benchmark", benchmark);
  if (config.report) check("benchmark", *config.report);
  if (config.dataset) check("dataset", *config.dataset);
  if (config.trainer) check("trainer", *config.trainer);
  for (const auto& [label, trainer] : config.own_trainers) check("trainer", trainer);
  if (config.select) check("trainer", *config.select);
  if (config.evaluate) check("trainer", config.evaluate->trainer);
  check_paper_labels(config);
}

}  // namespace espalier::host
