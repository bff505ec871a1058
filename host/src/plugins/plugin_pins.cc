#include "plugins/plugin_pins.h"

#include <fmt/format.h>

#include <boost/algorithm/string/case_conv.hpp>

#include <algorithm>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;

constexpr const char* kForm = "{require: {KIND/NAME: SHA-256, …}}, as `espalier plugins --hashes` prints it";

void expect_map(const ConfigValue& value, const char* what) {
  if (value.kind == Kind::map) return;
  throw UsageError(
      {.what = fmt::format("{} is not a map", what), .where = to_string(value.where), .expected = kForm});
}

void check_key(const std::string& key, const Location& where) {
  const auto kinds = plugin_kinds();
  const std::size_t slash = key.find('/');
  const std::string kind = key.substr(0, slash);
  const bool known = std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  if (known && slash != key.npos && slash + 1 < key.size()) return;
  throw UsageError({.what = fmt::format("plugins.require: \"{}\" names no plugin", key),
                    .where = to_string(where),
                    .expected = fmt::format("KIND/NAME, where KIND is one of {}", join_names(kinds)),
                    .nearest = known ? "" : nearest(kind, kinds)});
}

std::string parse_hash(const std::string& key, const ConfigValue& value) {
  constexpr std::size_t kDigits = 64;
  std::string hash = value.kind == Kind::scalar ? boost::algorithm::to_lower_copy(value.scalar) : "";
  if (hash.size() == kDigits && hash.find_first_not_of("0123456789abcdef") == hash.npos) return hash;
  throw UsageError({.what = fmt::format("plugins.require: this is not the SHA-256 of {}", key),
                    .where = to_string(value.where),
                    .expected = fmt::format("{} hexadecimal digits", kDigits),
                    .remedy = "take the line of `espalier plugins --hashes` over"});
}

}  // namespace

PluginPins parse_plugin_pins(const ConfigValue& value) {
  expect_map(value, "plugins");
  for (const auto& [key, entry] : value.entries) {
    if (key == "require") continue;
    throw UsageError({.what = fmt::format("unknown key \"{}\" in plugins", key),
                      .where = to_string(entry.key_where),
                      .expected = kForm});
  }
  PluginPins pins;
  const ConfigValue* const require = value.find("require");
  if (require == nullptr) return pins;
  expect_map(*require, "plugins.require");
  if (require->entries.empty()) {
    throw UsageError({.what = "plugins.require names no plugin, so none could load",
                      .where = to_string(require->where),
                      .expected = kForm,
                      .remedy = "take the lines of `espalier plugins --hashes` over, or leave plugins out"});
  }
  for (const auto& [key, hash] : require->entries) {
    check_key(key, hash.key_where);
    pins[key] = parse_hash(key, hash);
  }
  return pins;
}

}  // namespace espalier::host
