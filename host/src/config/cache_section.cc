#include "espalier/host/config/cache_section.h"

#include "espalier/config/config_path.h"
#include "espalier/errors/errors.h"

namespace espalier::host {

std::optional<CacheSection> CacheSection::from(const ConfigValue& config) {
  const ConfigValue* const value = config.find("cache");
  if (value == nullptr) return std::nullopt;
  if (value->kind != ConfigValue::Kind::scalar || value->scalar.empty()) {
    const bool is_missing = value->kind == ConfigValue::Kind::null;  // has no place of its own
    throw UsageError(
        {.what = "cache: is not the path of a folder",
         .where = to_string(is_missing ? value->key_where : value->where),
         .expected = "a folder that keeps trainings, such as ~/trainings; it is made when missing",
         .remedy = "name one, or leave cache: out"});
  }
  return CacheSection{.folder = config_path(value->scalar, value->where), .where = value->where};
}

ConfigValue CacheSection::to_config() const { return ConfigValue::of(folder.string(), true); }

}  // namespace espalier::host
