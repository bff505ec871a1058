#include "run/recipe.h"

namespace espalier::host {

ConfigValue resolve(const Component& component, const Config& options) {
  ConfigValue map = ConfigValue::map({{"name", ConfigValue::of(component.name)}});
  if (component.label != component.name) map.set("label", ConfigValue::of(component.label, true));
  for (const auto& [key, value] : options.resolved().entries) map.set(key, value);
  return map;
}

}  // namespace espalier::host
