#include "espalier/config/config_value.h"

#include <fmt/format.h>

#include <algorithm>

namespace espalier {

std::string to_string(const Location& location) {
  std::string text = location.file;
  if (location.line > 0) text += ":" + std::to_string(location.line);
  if (location.line > 0 && location.column > 0) text += ":" + std::to_string(location.column);
  return text;
}

// Here, where the type is complete: it holds pairs of itself.
ConfigValue::ConfigValue() = default;
ConfigValue::ConfigValue(const ConfigValue& other) = default;
ConfigValue::ConfigValue(ConfigValue&& other) noexcept = default;
ConfigValue& ConfigValue::operator=(const ConfigValue& other) = default;
ConfigValue& ConfigValue::operator=(ConfigValue&& other) noexcept = default;
ConfigValue::~ConfigValue() = default;

ConfigValue ConfigValue::of(std::string scalar, bool quoted) {
  ConfigValue value;
  value.kind = Kind::scalar;
  value.scalar = std::move(scalar);
  value.quoted = quoted;
  return value;
}

ConfigValue ConfigValue::number(double value) {
  std::string text = fmt::to_string(value);
  const std::size_t exponent = text.find('e');
  if (exponent != text.npos && text.find('.') == text.npos) text.insert(exponent, ".0");
  return of(std::move(text));
}

ConfigValue ConfigValue::map(std::vector<Entry> entries) {
  ConfigValue value;
  value.kind = Kind::map;
  value.entries = std::move(entries);
  return value;
}

ConfigValue ConfigValue::list(std::vector<ConfigValue> items) {
  ConfigValue value;
  value.kind = Kind::list;
  value.items = std::move(items);
  return value;
}

const ConfigValue* ConfigValue::find(const std::string& key) const {
  const auto entry =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.first == key; });
  return entry == entries.end() ? nullptr : &entry->second;
}

ConfigValue* ConfigValue::find(const std::string& key) {
  const auto entry =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.first == key; });
  return entry == entries.end() ? nullptr : &entry->second;
}

void ConfigValue::set(const std::string& key, ConfigValue value) {
  kind = Kind::map;
  if (ConfigValue* present = find(key)) {
    *present = std::move(value);
  } else {
    entries.emplace_back(key, std::move(value));
  }
}

}  // namespace espalier
