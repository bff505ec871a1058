#include "run/dataset_facts.h"

#include <fmt/format.h>

namespace espalier::host {

ConfigValue facts_for_space(const Dataset* dataset) {
  ConfigValue facts = ConfigValue::map();
  if (dataset == nullptr) return facts;
  const auto add = [&](const char* option, std::size_t value) {
    ConfigValue fact = ConfigValue::of(fmt::to_string(value));
    fact.where.file = fmt::format("the dataset \"{}\"", dataset->name());
    facts.set(option, std::move(fact));
  };
  const Shape shape = dataset->shape();
  add("classes", dataset->classes());
  if (shape.height == shape.width) add("image_size", static_cast<std::size_t>(shape.height));
  add("image_channels", static_cast<std::size_t>(shape.channels));
  return facts;
}

}  // namespace espalier::host
