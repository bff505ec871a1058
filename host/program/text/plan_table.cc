#include "text/plan_table.h"

#include <fmt/format.h>

#include "espalier/plan/memory_forecast.h"
#include "text/text.h"

namespace espalier::program {
namespace {

using Json = nlohmann::ordered_json;
using Align = Table::Align;

const LayerGraph::Node& node(const Plan& plan, int index) {
  return plan.graph.nodes[static_cast<std::size_t>(index)];
}

/// "a, b and 4 more".
std::string names(const Plan& plan, const std::vector<int>& layers) {
  if (layers.size() < 2) return layers.empty() ? "" : node(plan, layers.front()).name;
  return fmt::format("{} and {} more", node(plan, layers.front()).name, layers.size() - 1);
}

std::string describe(const Plan& plan, const PlanStep& step) {
  switch (step.kind) {
    case PlanStep::Kind::layer:
      return node(plan, step.layers.front()).layer.describe();
    case PlanStep::Kind::convolutions:
      return fmt::format("{} × {}{}", step.layers.size(), node(plan, step.layers.front()).layer.describe(),
                         step.batch_norms.empty() ? "" : " + batch_norm");
    case PlanStep::Kind::fan_out:
      return fmt::format("{} branches of {}{}convolutions", step.branches.size(),
                         step.reading.batch_norm >= 0 ? "batch_norm, " : "",
                         step.reading.relu ? "relu, " : "");
    case PlanStep::Kind::sum:
      return fmt::format("sum of {} terms", step.terms.size());
  }
  return {};
}

std::int64_t parameters(const Plan& plan, const PlanStep& step) {
  std::int64_t total = 0;
  for (const int layer : step.layers) total += node(plan, layer).parameters;
  for (const int norm : step.batch_norms) total += node(plan, norm).parameters;
  return total;
}

}  // namespace

std::string plan_text(const Plan& plan, std::int64_t batch) {
  Table table(
      {{"STEP", Align::right}, {"LAYERS"}, {"CALL"}, {"OUTPUT", Align::right}, {"PARAMETERS", Align::right}});
  std::int64_t total = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const PlanStep& step = plan.steps[i];
    const std::string shape = to_string(node(plan, step.outputs.front()).shape);
    table.add({fmt::format("{}", i + 1),
               names(plan, step.kind == PlanStep::Kind::sum ? step.outputs : step.layers),
               describe(plan, step),
               step.outputs.size() > 1 ? fmt::format("{} × {}", step.outputs.size(), shape) : shape,
               grouped(parameters(plan, step))});
    total += parameters(plan, step);
  }
  table.add_rule();
  table.add({"", "",
             fmt::format("{} layers in {} steps", grouped(static_cast<std::int64_t>(plan.graph.nodes.size())),
                         grouped(static_cast<std::int64_t>(plan.steps.size()))),
             to_string(plan.graph.output()), grouped(total)});
  std::string text = table.render() + "\n";
  for (const std::string& note : plan.notes) text += note + "\n";
  const MemoryForecast memory = forecast_memory(plan, batch);
  const auto mebibytes = [](std::int64_t bytes) {
    return fmt::format("{:.0f} MiB", static_cast<double>(bytes) / (1024.0 * 1024.0));
  };
  text += fmt::format(
      "memory of tensors at most, batch {}: {} in training ({} with recompute: always), {} without "
      "gradients, "
      "and {} for the weights\n",
      batch, mebibytes(memory.training), mebibytes(memory.recomputed), mebibytes(memory.inference),
      mebibytes(memory.weights));
  return text;
}

Json plan_to_json(const Plan& plan, std::int64_t batch) {
  Json steps = Json::array();
  for (const PlanStep& step : plan.steps) {
    Json layers = Json::array();
    for (const int layer : step.layers) layers.push_back(node(plan, layer).name);
    for (const int norm : step.batch_norms) layers.push_back(node(plan, norm).name);
    steps.push_back({{"call", describe(plan, step)},
                     {"layers", layers},
                     {"inputs", step.inputs},
                     {"outputs", step.outputs},
                     {"released", step.released},
                     {"parameters", parameters(plan, step)}});
  }
  const MemoryForecast memory = forecast_memory(plan, batch);
  return {{"steps", steps},
          {"passes", plan.notes},
          {"batch", batch},
          {"memory_bytes",
           {{"training", memory.training},
            {"recomputed", memory.recomputed},
            {"inference", memory.inference},
            {"weights", memory.weights}}}};
}

}  // namespace espalier::program
