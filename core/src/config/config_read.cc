#include "config/config_read.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"
#include "espalier/errors/quoted.h"

namespace espalier {
namespace {

using Kind = ConfigValue::Kind;

[[noreturn]] void refuse(const GivenOption& given, const std::string& what, std::string remedy = {},
                         std::string near = {}) {
  throw UsageError({.what = given.path + ": " + what,
                    .where = to_string(place_of(given.value)),
                    .expected = given.expected,
                    .nearest = std::move(near),
                    .remedy = std::move(remedy)});
}

const std::string& scalar_of(const GivenOption& given) {
  switch (given.value.kind) {
    case Kind::scalar:
      return given.value.scalar;
    case Kind::null:
      refuse(given, "no value", "write a value, or leave the key out to get the default");
    case Kind::list:
      refuse(given, "a list where one value belongs");
    case Kind::map:
      refuse(given, "a map where one value belongs");
  }
  refuse(given, "no value");
}

// Text in quotes is a string in YAML, whatever it looks like.
const std::string& unquoted_scalar_of(const GivenOption& given, const std::string& kind) {
  const std::string& text = scalar_of(given);
  if (given.value.quoted)
    refuse(given, shown(text) + " in quotes is a string, not " + kind, "remove the quotes");
  return text;
}

template <class T>
std::from_chars_result parse(const std::string& text, T& value) {
  return std::from_chars(text.data(), text.data() + text.size(), value);
}

bool whole(const std::string& text, const std::from_chars_result& result) {
  return !text.empty() && result.ptr == text.data() + text.size();
}

template <class T>
bool contains(const Range<T>& range, T value) {
  return value >= range.min.value_or(value) && value <= range.max.value_or(value);
}

std::string remedy_for_integer(const std::string& text) {
  double number = 0.0;
  const auto result = parse(text, number);
  constexpr double exact = 9007199254740992.0;  // 2^53: beyond, a double may not be what was meant
  const bool is_integer = whole(text, result) && result.ec == std::errc() && number == std::trunc(number);
  if (!is_integer || std::abs(number) > exact) return "write digits only";
  return "write " + std::to_string(static_cast<std::int64_t>(number));
}

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

std::string remedy_for_boolean(const std::string& text) {
  const std::string word = lowered(text);
  if (word == "yes" || word == "on" || word == "y" || word == "1" || word == "true") return "write true";
  if (word == "no" || word == "off" || word == "n" || word == "0" || word == "false") return "write false";
  return "write true or false";
}

}  // namespace

bool read_boolean(const GivenOption& given) {
  const std::string& text = unquoted_scalar_of(given, "a boolean");
  if (text == "true") return true;
  if (text == "false") return false;
  refuse(given, shown(text) + " is not a boolean", remedy_for_boolean(text));
}

std::int64_t read_integer(const GivenOption& given, const Range<std::int64_t>& allowed,
                          const Range<std::int64_t>& type) {
  const std::string& text = unquoted_scalar_of(given, "an integer");
  std::int64_t value = 0;
  const auto result = parse(text, value);
  if (!whole(text, result)) refuse(given, shown(text) + " is not an integer", remedy_for_integer(text));
  if (result.ec != std::errc()) refuse(given, shown(text) + " does not fit in 64 bits");
  if (!contains(allowed, value)) refuse(given, text + " is out of range");
  if (value < type.min) refuse(given, text + " is below " + std::to_string(*type.min));
  if (value > type.max) refuse(given, text + " is above " + std::to_string(*type.max));
  return value;
}

double read_number(const GivenOption& given, const Range<double>& range) {
  const std::string& text = unquoted_scalar_of(given, "a number");
  double value = 0.0;
  const auto result = parse(text, value);
  if (!whole(text, result)) refuse(given, shown(text) + " is not a number", "write it as 0.025 or 2.5e-2");
  if (result.ec != std::errc()) refuse(given, shown(text) + " is too large or too small for a double");
  if (!std::isfinite(value)) refuse(given, shown(text) + " is not finite");
  if (!contains(range, value)) refuse(given, shown(text) + " is out of range");
  return value;
}

std::string read_string(const GivenOption& given) { return scalar_of(given); }

std::string read_choice(const GivenOption& given, const std::vector<std::string>& allowed) {
  const std::string& text = scalar_of(given);
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return text;
  refuse(given, shown(text) + " is not one of the choices", {}, nearest(text, allowed));
}

std::vector<std::int64_t> read_integers(const GivenOption& given, const Range<std::int64_t>& allowed,
                                        const Range<std::int64_t>& type) {
  if (given.value.kind == Kind::null) scalar_of(given);
  if (given.value.kind != Kind::list) refuse(given, "not a list", "write it as [1, 2, 3]");
  std::vector<std::int64_t> values;
  for (const ConfigValue& item : given.value.items) {
    values.push_back(read_integer({given.path + "." + std::to_string(values.size()), item, given.expected},
                                  allowed, type));
  }
  return values;
}

const Location& place_of(const ConfigValue& value) {
  const bool only_key_is_known = value.kind == Kind::null && !value.key_where.file.empty();
  return only_key_is_known ? value.key_where : value.where;
}

std::string shown(const std::string& text) {
  constexpr std::size_t longest = 60;
  return "'" + printable(text, longest) + "'";
}

}  // namespace espalier
