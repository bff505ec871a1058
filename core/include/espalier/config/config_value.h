#pragma once

#include <string>
#include <utility>
#include <vector>

#include "espalier/plugin/export.h"

namespace espalier {

/// Where a value was written: a file with line and column (from 1), or, without lines, a name such as
/// "command line".
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};
/// "file:line:column", as far as known.
ESPALIER_EXPORT std::string to_string(const Location& location);

/// A config as it was written: a tree of scalars, lists and maps that knows where each part stands.
/// Scalars stay text until an option gives them a type.
struct ESPALIER_EXPORT ConfigValue {
  enum class Kind { null, scalar, list, map };
  using Entry = std::pair<std::string, ConfigValue>;

  Kind kind = Kind::null;
  std::string scalar;
  bool quoted = false;  ///< "10" in quotes is no number
  std::vector<ConfigValue> items;
  std::vector<Entry> entries;  ///< in the order written, keys unique
  Location where;              ///< of the value
  Location key_where;          ///< of its key, in a map

  ConfigValue();
  ConfigValue(const ConfigValue& other);
  ConfigValue(ConfigValue&& other) noexcept;
  ConfigValue& operator=(const ConfigValue& other);
  ConfigValue& operator=(ConfigValue&& other) noexcept;
  ~ConfigValue();

  static ConfigValue of(std::string scalar, bool quoted = false);
  static ConfigValue map(std::vector<Entry> entries = {});
  static ConfigValue list(std::vector<ConfigValue> items = {});
  const ConfigValue* find(const std::string& key) const;
  ConfigValue* find(const std::string& key);
  /// Appends or replaces.
  void set(const std::string& key, ConfigValue value);
};

}  // namespace espalier
