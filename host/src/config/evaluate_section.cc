#include "espalier/host/config/evaluate_section.h"

#include "config/seeds.h"

namespace espalier::host {

EvaluateSection EvaluateSection::from(const ConfigValue& value) {
  ConfigValue trainer = value;
  std::erase_if(trainer.entries,
                [](const auto& entry) { return entry.first == "seed" || entry.first == "seeds"; });
  return {.trainer = Component::from(trainer, "evaluate", "from_scratch"), .seeds = find_seeds(value)};
}

}  // namespace espalier::host
