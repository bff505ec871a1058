#include "espalier/config/component.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"

namespace espalier {
namespace {

constexpr const char* kExpected = "a plugin's name, or a map with one: {name: …, options}";

[[noreturn]] void refuse(const std::string& path, const std::string& why, const Location& where) {
  throw UsageError({.what = path + ": " + why, .where = to_string(where), .expected = kExpected});
}

std::string plugin_name(const ConfigValue& value, const std::string& path) {
  if (value.kind != ConfigValue::Kind::scalar || value.scalar.empty()) {
    refuse(path, "the plugin's name is missing", value.where);
  }
  return value.scalar;
}

bool may_name_folder(std::string_view label) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  return !label.empty() && label.find_first_not_of(kAllowed) == label.npos && label != "." && label != "..";
}

std::string remedy_for_name(const std::string& name, const std::string& path, const Location& where) {
  if (name.starts_with('-')) return "write a space after each '-' of a list";
  if (name.starts_with("name:"))
    return "write a space after the ':': name: " + name.substr(name.find(':') + 1);
  const bool is_path = name.find('/') != name.npos || name.starts_with('~');
  if (is_path && path == "dataset") {
    const std::string dataset = "{name: image_folder, folder: " + name + "}";
    const bool typed = where.line == 0;  // on a command line, where a shell reads it
    return "to use a folder of images, write " +
           (typed ? "dataset='" + dataset + "'" : "dataset: " + dataset);
  }
  return "";
}

/// The label by default: a name that cannot be one is no plugin's name.
std::string label_of(const std::string& name, const std::string& path, const Location& where) {
  if (may_name_folder(name)) return name;
  constexpr std::size_t kLongest = 60;
  throw UsageError({.what = fmt::format("{}: {} is not the name of a plugin", path, quoted(name, kLongest)),
                    .where = to_string(where),
                    .expected = kExpected,
                    .remedy = remedy_for_name(name, path, where)});
}

std::string checked_label(const ConfigValue& value, const std::string& path) {
  if (value.kind == ConfigValue::Kind::scalar && may_name_folder(value.scalar)) return value.scalar;
  throw UsageError({.what = value.kind == ConfigValue::Kind::scalar
                                ? fmt::format("{}: '{}' cannot be a label", path, value.scalar)
                                : path + ": a label is one word",
                    .where = to_string(value.where),
                    .expected = "letters, digits, '_', '.' and '-': the label names a folder"});
}

}  // namespace

Component Component::from(const ConfigValue& value, const std::string& path,
                          const std::string& default_name) {
  Component component;
  component.options = ConfigValue::map();
  component.options.where = value.where;
  component.options.key_where = value.key_where;
  switch (value.kind) {
    case ConfigValue::Kind::null:
      refuse(path, "it is empty", value.where);
    case ConfigValue::Kind::list:
      throw UsageError({.what = path + ": a list where one plugin belongs",
                        .where = to_string(value.where),
                        .expected = kExpected,
                        .remedy = "name one; only optimizer: and benchmark: take a list"});
    case ConfigValue::Kind::scalar:
      component.name = plugin_name(value, path);
      break;
    case ConfigValue::Kind::map:
      const ConfigValue* const name = value.find("name");
      if (name == nullptr && default_name.empty()) refuse(path, "the plugin's name is missing", value.where);
      component.name = name == nullptr ? default_name : plugin_name(*name, path + ".name");
      component.options.entries = value.entries;
      std::erase_if(component.options.entries,
                    [](const auto& entry) { return entry.first == "name" || entry.first == "label"; });
      break;
  }
  const ConfigValue* const label = value.kind == ConfigValue::Kind::map ? value.find("label") : nullptr;
  component.label =
      label == nullptr ? label_of(component.name, path, value.where) : checked_label(*label, path + ".label");
  return component;
}

}  // namespace espalier
