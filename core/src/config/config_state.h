#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config_read.h"
#include "espalier/config/config.h"
#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"

namespace espalier {

/// What all copies of a Config share.
struct Config::State {
  ConfigValue given;
  ConfigValue assumed;  ///< what integer options are that are not given
  std::string path;
  std::vector<OptionInfo> options;
  ConfigValue resolved;
  std::vector<std::pair<std::string, Config>> sections;
  /// The components that were made, each with its option and the options that it read.
  std::vector<std::pair<ComponentName, std::pair<std::string, Config>>> components;
  std::vector<ComponentName> owners;  ///< the plugin that reads this, last, and those whose component it is
  ComponentMaker* maker = nullptr;

  static constexpr const char* kInteger = "integer";

  std::string path_of(const std::string& name) const { return path.empty() ? name : path + "." + name; }

  void check_name(std::string_view name) const {
    constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    // In a config, `trainer` beside an optimizer's options is the plugin that drives it.
    const bool reserved = name == "name" || name == "label" || (path == "optimizer" && name == "trainer");
    if (!reserved && !name.empty() && name.find_first_not_of(kAllowed) == name.npos) return;
    constexpr std::size_t kLongest = 60;
    throw Error({.what = fmt::format("an option cannot be called {}", quoted(name, kLongest)),
                 .expected = reserved ? "another name: in a config this one stands for the plugin's own"
                                      : "letters, digits, '_' and '-'"});
  }

  // The one way to read: records the option and its value or default. `write` spells a value in YAML, so that
  // the resolved config does not depend on how a person spelled it.
  template <class T, class Write, class Read>
  T option(OptionInfo info, const std::string& expected, T fallback, Write write, Read read) {
    const std::string name = info.name;
    check_name(name);
    const bool known = resolved.find(name) != nullptr;
    const ConfigValue* value = given.find(name);
    if (value == nullptr && info.type == kInteger) value = assumed.find(name);
    if (!known) options.push_back(std::move(info));
    T result = value == nullptr ? std::move(fallback) : read(GivenOption{path_of(name), *value, expected});
    if (!known) {
      ConfigValue spelled = write(result);
      if (value != nullptr) spelled.where = value->where;
      resolved.set(name, std::move(spelled));
    }
    return result;
  }
};

}  // namespace espalier
