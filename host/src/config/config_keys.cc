#include "config/config_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

namespace espalier::host {

void expect_keys(const ConfigValue& map, const std::string& what, const std::vector<std::string>& known,
                 const std::string& remedy) {
  for (const auto& [key, value] : map.entries) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string near = nearest(key, known);
    throw UsageError({.what = fmt::format("unknown key \"{}\" in {}", key, what),
                      .where = to_string(value.key_where),
                      .expected = fmt::format("one of {}", join_names(known)),
                      .nearest = near,
                      .remedy = near.empty() ? remedy : ""});
  }
}

void expect_map(const ConfigValue& value, const std::string& what, const std::string& expected) {
  if (value.kind == ConfigValue::Kind::map) return;
  throw UsageError(
      {.what = fmt::format("{} is not a map", what), .where = to_string(value.where), .expected = expected});
}

const ConfigValue& required(const ConfigValue& map, const std::string& key, const std::string& what,
                            const std::string& remedy) {
  if (const ConfigValue* value = map.find(key)) return *value;
  throw UsageError({.what = fmt::format("the key \"{}\" is missing in {}", key, what),
                    .where = to_string(map.where),
                    .remedy = remedy});
}

}  // namespace espalier::host
