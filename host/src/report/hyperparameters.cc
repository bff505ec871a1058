#include "report/hyperparameters.h"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <utility>

namespace espalier::host {
namespace {

/// Numbers and switches as such, so that TensorBoard can sort by them and draw axes.
Hyperparameter hyperparameter(std::string name, const ConfigValue& option) {
  const std::string& text = option.scalar;
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!option.quoted && error == std::errc() && end == text.data() + text.size())
    return {std::move(name), number};
  if (!option.quoted && (text == "true" || text == "false")) return {std::move(name), text == "true"};
  return {std::move(name), text};
}

/// The scalars among the options.
void add_options(const std::string& name, const ConfigValue& options, std::vector<Hyperparameter>& all) {
  if (options.kind == ConfigValue::Kind::scalar) all.push_back(hyperparameter(name, options));
  for (const auto& [key, value] : options.entries) add_options(fmt::format("{}.{}", name, key), value, all);
}

void add_component(const std::string& kind, const Component& component, std::vector<Hyperparameter>& all) {
  all.emplace_back(kind, component.name);
  add_options(kind, component.options, all);
}

}  // namespace

std::vector<Hyperparameter> hyperparameters_of(const ReportedMethod& method) {
  std::vector<Hyperparameter> all;
  add_component("optimizer", method.optimizer, all);
  // An optimizer that searches in stages has several.
  if (!method.trainer.name.empty()) add_component("trainer", method.trainer, all);
  return all;
}

}  // namespace espalier::host
