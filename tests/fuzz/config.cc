#include "espalier/config/config.h"

#include <optional>
#include <string>

#include "espalier/host/config/run_config.h"
#include "espalier/host/config/yaml.h"
#include "fuzz.h"

// A config, from its text to the options of the plugins that it names (but of the space, which would take
// most of the time). What is written out reads back to the same, and a resolved config resolves to itself: a
// run knows its own directory again by that.
namespace espalier::fuzz {
namespace {

ConfigValue parse(std::string_view text) { return host::parse_yaml(text, "input.yaml"); }

void require_readable(const ConfigValue& value) {
  const std::string text = host::to_yaml(value);
  constexpr std::size_t too_large = 1 << 20;  // aliases, written out
  if (text.size() > too_large) return;
  require(succeeds([&] { require(same(value, parse(text)), "a config reads back to the same"); }),
          "a config that is written out is accepted");
}

std::optional<ConfigValue> resolve(const std::string& kind, const std::string& name,
                                   const ConfigValue& value) {
  std::optional<ConfigValue> resolved;
  succeeds([&] {
    const Config options(value, kind);
    host().plugins().make(kind, name, options);
    resolved = options.resolved();
  });
  return resolved;
}

void create(const std::string& kind, const Component& component) {
  const auto resolved = resolve(kind, component.name, component.options);
  if (!resolved) return;
  require_readable(*resolved);
  const auto again = resolve(kind, component.name, *resolved);
  require(again && same(*resolved, *again), "a resolved config resolves to itself");
}

void read(std::string_view text) {
  ConfigValue value = parse(text);
  require_readable(value);
  succeeds<UsageError>([&] {
    ConfigValue small = value;
    host::RunConfig::make_small(small);
  });

  const host::RunConfig config = host::RunConfig::from(value);
  for (const Component& optimizer : config.optimizers) create("optimizer", optimizer);
  for (const Component& benchmark : config.benchmarks) create("benchmark", benchmark);
  if (config.report) create("benchmark", *config.report);
  const ConfigValue objectives =
      ConfigValue::map({{"objectives", config.objectives.objectives_to_config()},
                        {"constraints", config.objectives.constraints_to_config()}});
  if (!config.objectives.metrics.empty() && !config.objectives.constraints.empty()) {
    const auto again = host::ObjectivesSection::from(objectives);
    require(again.metrics.size() == config.objectives.metrics.size() &&
                again.constraints.size() == config.objectives.constraints.size(),
            "resolved objectives read back");
  }
  if (config.dataset) create("dataset", *config.dataset);
  if (config.trainer) create("trainer", *config.trainer);
  for (const auto& [label, trainer] : config.own_trainers) create("trainer", trainer);
  for (const auto& [label, stages] : config.stages)
    for (const host::StageConfig& stage : stages) {
      create("optimizer", stage.optimizer);
      if (stage.search_space) create("search_space", *stage.search_space);
      if (stage.trainer) create("trainer", *stage.trainer);
    }
}

}  // namespace
}  // namespace espalier::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace espalier;
  fuzz::succeeds<UsageError>([&] { fuzz::read(fuzz::text_of(data, size)); });
  return 0;
}
