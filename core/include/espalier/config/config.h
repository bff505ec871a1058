#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/config/config_value.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The closed interval that a number must lie in.
template <class T>
struct Range {
  T min = std::numeric_limits<T>::lowest();
  T max = std::numeric_limits<T>::max();
};
template <class T>
Range<T> at_least(T min) {
  return {.min = min};
}
template <class T>
Range<T> between(T min, T max) {
  return {.min = min, .max = max};
}

/// One option as its plugin read it: `espalier describe` prints these.
struct OptionInfo {
  std::string name;
  std::string type;           ///< "integer", "number", "boolean", "string", "list of integers", …
  std::string default_value;  ///< as one writes it in YAML; empty when `required`
  std::string range;          ///< "≥ 1", "0 … 1", "one of a, b", or empty
  std::string help;
  bool required = false;
};

/// The options of one plugin, which document themselves: each is read once, with its default, range
/// and one line of help, and that read is the documentation, the check and the resolved config.
///
///     population_size_(config.integer("population_size", 100, "architectures alive at once",
///                                     at_least<std::int64_t>(1)))
///
/// Every read throws UsageError (file:line:column, what was found, what was expected) for a wrong
/// type or a value out of range. Copies are the same config.
class ESPALIER_EXPORT Config {
 public:
  /// No option given: all defaults.
  Config();
  /// Options of a map; `path` is where they stand in the whole config ("optimizer"), for messages.
  explicit Config(ConfigValue value, std::string path = {});

  bool boolean(std::string_view name, bool fallback, std::string_view help) const;
  std::int64_t integer(std::string_view name, std::int64_t fallback, std::string_view help,
                       Range<std::int64_t> range = {}) const;
  double number(std::string_view name, double fallback, std::string_view help,
                Range<double> range = {}) const;
  std::string string(std::string_view name, std::string_view fallback, std::string_view help) const;
  /// One of `allowed`.
  std::string choice(std::string_view name, std::string_view fallback,
                     const std::vector<std::string>& allowed, std::string_view help) const;
  std::vector<std::int64_t> integers(std::string_view name, const std::vector<std::int64_t>& fallback,
                                     std::string_view help, Range<std::int64_t> range = {}) const;

  /// A map of options within these: `compile: {merge: false}`. Its own reads document themselves, as
  /// "compile.merge".
  Config section(std::string_view name) const;

  /// Where an option was written; the place of the whole map when it was not.
  Location where(std::string_view name) const;

  /// All options read so far, those of sections behind them.
  std::vector<OptionInfo> options() const;
  /// The options with the defaults filled in.
  ConfigValue resolved() const;
  /// Throws UsageError for a key that nothing read, with the nearest that something did.
  void reject_unknown() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace espalier
