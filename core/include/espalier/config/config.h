#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/plugin/plugin_cast.h"
#include "espalier/plugin/plugin_kinds.h"

namespace espalier {

class ComponentMaker;

/// The closed interval that a number must lie in. An end that is not set does not limit it.
template <class T>
struct Range {
  std::optional<T> min = std::nullopt;
  std::optional<T> max = std::nullopt;

  /// Converts the ends, so that at_least(1) fits options of any numeric type.
  template <class U>
  operator Range<U>() const {  // NOLINT(google-explicit-constructor)
    Range<U> range;
    if (min) range.min = static_cast<U>(*min);
    if (max) range.max = static_cast<U>(*max);
    return range;
  }
};
template <class T>
Range<T> at_least(T min) {
  return {.min = min};
}
template <class T>
Range<T> between(T min, T max) {
  return {.min = min, .max = max};
}

/// The types that an integer option can be read as.
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

/// One option as its plugin read it: `espalier describe` prints these.
struct OptionInfo {
  std::string name;
  std::string type;           ///< "integer", "number", "boolean", "string", "list of integers", …
  std::string default_value;  ///< in the spelling of YAML; empty when `required`
  std::string range;          ///< "≥ 1", "0 … 1", "one of a, b", or empty
  std::string help;
  bool required = false;
};

/// A plugin that an option names: its kind and name.
struct ComponentName {
  std::string kind;
  std::string name;
};

/// The options of one plugin. They document themselves: a plugin reads each with its default, range and one
/// line of help, and from that read come the documentation, the check and the resolved config.
///
///     population_size_(config.integer("population_size", 100, "how many architectures the population holds",
///                                     at_least(1)))
///
/// Every read throws UsageError, with file:line:column, what was found and what was expected, when a value
/// has the wrong type or is out of range. Copies share one config. All functions are [one-thread].
class ESPALIER_EXPORT Config {
 public:
  /// No options, so that each takes its default.
  Config();
  /// The options of a map. Messages use `path`, the place of the map in the whole config ("optimizer").
  /// Throws UsageError when the value is neither a map nor null.
  explicit Config(ConfigValue value, std::string path = {});

  /// true or false.
  bool boolean(std::string_view name, bool fallback, std::string_view help) const;
  /// An integer of the type of `fallback`, or of a type that is named: integer<std::size_t>("images", 0, …).
  /// A value that this type cannot hold is out of range.
  template <Integer T>
  T integer(std::string_view name, T fallback, std::string_view help, Range<std::int64_t> range = {}) const {
    return static_cast<T>(
        read_integer(name, static_cast<std::int64_t>(fallback), help, {range, limits<T>()}));
  }
  /// A floating point number.
  double number(std::string_view name, double fallback, std::string_view help,
                Range<double> range = {}) const;
  /// Any text.
  std::string string(std::string_view name, std::string_view fallback, std::string_view help) const;
  /// The path of a file or folder, as config_path() reads it, so that a run finds it again from any folder;
  /// empty where the option is left out.
  std::filesystem::path path(std::string_view name, std::string_view help) const;
  /// One of the words in `allowed`.
  std::string choice(std::string_view name, std::string_view fallback,
                     const std::vector<std::string>& allowed, std::string_view help) const;
  /// A list of integers, each within the range.
  template <Integer T = int>
  std::vector<T> integers(std::string_view name, const std::vector<T>& fallback, std::string_view help,
                          Range<std::int64_t> range = {}) const {
    const auto values = read_integers(name, std::vector<std::int64_t>(fallback.begin(), fallback.end()), help,
                                      {range, limits<T>()});
    std::vector<T> result(values.size());
    std::transform(values.begin(), values.end(), result.begin(),
                   [](std::int64_t value) { return static_cast<T>(value); });
    return result;
  }

  /// A plugin of another kind, which the option names alone or with its own options:
  ///
  ///     predictor_(config.component<Predictor>("predictor", "ridge", "the model that ranks candidates"))
  ///
  ///     optimizer: {name: bananas, predictor: {name: ridge, alpha: 0.1}}
  ///
  /// It is made under the search path, pins and checks of the plugin that names it, and its options are
  /// documented as "predictor.alpha". With an empty `fallback` the option may be left out, and the result is
  /// then null. `fallback_options`, a map, are the fallback's where the option is left out. Throws what
  /// ComponentMaker::make() throws, UsageError for a plugin of another kind or one that would hold itself,
  /// and Error when no host made this plugin.
  template <class Interface>
  std::unique_ptr<Interface> component(std::string_view name, std::string_view fallback,
                                       std::string_view help,
                                       const ConfigValue& fallback_options = ConfigValue::map()) const {
    return plugin_cast<Interface>(
        make_component(name, plugin_kind<Interface>, fallback, help, fallback_options));
  }

  /// The options in a nested map, such as `compile: {fan_out: false}`. They are documented as
  /// "compile.fan_out".
  Config section(std::string_view name) const;

  /// Where an option was written, or where its assumed value comes from; the place of the whole map when it
  /// was left out.
  Location where(std::string_view name) const;

  /// All options that were read so far, those of sections last.
  std::vector<OptionInfo> options() const;
  /// The values of all options that were read so far, with defaults filled in.
  ConfigValue resolved() const;
  /// Throws UsageError when a key was given that was never read; it names the nearest option.
  void reject_unknown() const;

  /// The components that were made so far, and theirs.
  std::vector<ComponentName> components() const;
  /// For a host: what integer options of these names are where they are not given, in place of their
  /// defaults. The values are checked, documented as resolved and located like given ones; a name that no
  /// option has is passed over.
  void assume(const ConfigValue& values) const;
  /// For a host: which plugin reads these options, and what makes its components. `maker` outlives the
  /// reading.
  void set_owner(ComponentName owner, ComponentMaker& maker) const;

 private:
  /// The values that an integer option allows, and those that its type can hold.
  struct IntegerRange {
    Range<std::int64_t> allowed;
    Range<std::int64_t> type;
  };
  template <class T>
  static constexpr Range<std::int64_t> limits() {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return {.min = static_cast<std::int64_t>(std::numeric_limits<T>::min()),
            .max = static_cast<std::int64_t>(
                std::min(most, static_cast<std::uint64_t>(std::numeric_limits<T>::max())))};
  }
  std::unique_ptr<Plugin> make_component(std::string_view name, const char* kind, std::string_view fallback,
                                         std::string_view help, const ConfigValue& fallback_options) const;
  std::int64_t read_integer(std::string_view name, std::int64_t fallback, std::string_view help,
                            IntegerRange range) const;
  std::vector<std::int64_t> read_integers(std::string_view name, const std::vector<std::int64_t>& fallback,
                                          std::string_view help, IntegerRange range) const;

  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace espalier
