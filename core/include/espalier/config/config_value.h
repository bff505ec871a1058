#pragma once

#include <string>
#include <utility>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier {

/// Where a value was written: a file with line and column, both from 1, or a name such as "command line" with
/// both 0.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};
/// "file:line:column", or the parts of it that are known.
ESPALIER_EXPORT std::string to_string(const Location& location);

/// A config as it was written: a tree of scalars, lists and maps in which each part knows where it was
/// written. Scalars are text until an option reads them as a type.
struct ESPALIER_EXPORT ConfigValue {
  enum class Kind { null, scalar, list, map };
  using Entry = std::pair<std::string, ConfigValue>;

  Kind kind = Kind::null;
  std::string scalar;
  bool quoted = false;  ///< whether the scalar was in quotes: "10" is text, not a number
  std::vector<ConfigValue> items;
  std::vector<Entry> entries;  ///< in the order in which they were written; keys are unique
  Location where;              ///< the place of the value
  Location key_where;          ///< the place of its key, when it stands in a map

  ConfigValue();
  ConfigValue(const ConfigValue& other);
  ConfigValue(ConfigValue&& other) noexcept;
  ConfigValue& operator=(const ConfigValue& other);
  ConfigValue& operator=(ConfigValue&& other) noexcept;
  ~ConfigValue();

  /// A scalar, map or list without a place.
  static ConfigValue of(std::string scalar, bool quoted = false);
  /// A number, spelled so that YAML 1.1 takes it for that number, too: "1.0e-10", not "1e-10".
  static ConfigValue number(double value);
  static ConfigValue map(std::vector<Entry> entries = {});
  static ConfigValue list(std::vector<ConfigValue> items = {});
  /// The entry of this key; null when there is none.
  const ConfigValue* find(const std::string& key) const;
  ConfigValue* find(const std::string& key);
  /// Replaces the entry of this key, or appends it when there is none.
  void set(const std::string& key, ConfigValue value);
};

}  // namespace espalier
