#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>
#include <string_view>

#include "espalier/host/config/yaml.h"

namespace espalier::host {
namespace {

using Kind = ConfigValue::Kind;

void emit_text(YAML::Emitter& out, std::string_view text, bool quoted) {
  // The emitter would write a document's mark, and a carriage return, as a plain scalar.
  const bool is_mark = text.starts_with("---") || text.starts_with("...");
  const bool breaks_line = text.find('\r') != text.npos;
  if (quoted || is_mark || breaks_line) out << YAML::DoubleQuoted;
  out << std::string(text);
}

bool fits_a_line(const ConfigValue& list) {
  return std::none_of(list.items.begin(), list.items.end(), [](const ConfigValue& item) {
    return item.kind == Kind::list || item.kind == Kind::map;
  });
}

/// Plain, `<<` would be the merge key, and `seeds:0` without a value is refused for its missing space.
bool key_needs_quotes(std::string_view key, const ConfigValue& item) {
  return key == "<<" || (item.kind == Kind::null && key.find(':') != key.npos);
}

void emit(YAML::Emitter& out, const ConfigValue& value) {
  switch (value.kind) {
    case Kind::null:
      out << YAML::Null;
      break;
    case Kind::scalar:
      emit_text(out, value.scalar, value.quoted);
      break;
    case Kind::list:
      if (fits_a_line(value)) out << YAML::Flow;
      out << YAML::BeginSeq;
      for (const ConfigValue& item : value.items) emit(out, item);
      out << YAML::EndSeq;
      break;
    case Kind::map:
      out << YAML::BeginMap;
      for (const auto& [key, item] : value.entries) {
        out << YAML::Key;
        emit_text(out, key, key_needs_quotes(key, item));
        out << YAML::Value;
        emit(out, item);
      }
      out << YAML::EndMap;
      break;
  }
}

}  // namespace

std::string to_yaml(const ConfigValue& config) {
  YAML::Emitter out;
  emit(out, config);
  return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace espalier::host
