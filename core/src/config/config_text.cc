#include "config/config_text.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace espalier {
namespace {

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool inside_word(char c) {
  return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '/' || c == '-' || c == '+';
}

bool is_plain_word(std::string_view text) {
  constexpr std::array reserved = {"null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE",
                                   "yes",  "Yes",  "YES",  "no",   "No",   "NO",   "on",    "On",    "ON",
                                   "off",  "Off",  "OFF",  "y",    "Y",    "n",    "N"};
  return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), inside_word) &&
         std::find(reserved.begin(), reserved.end(), text) == reserved.end();
}

}  // namespace

std::string expectation(std::string_view type, std::string_view limits, std::string_view help) {
  std::string text(type);
  if (!text.empty() && !limits.empty()) text += " ";
  text += limits;
  if (!help.empty()) text.append(" (").append(help).append(")");
  return text;
}

ConfigValue string_value(std::string_view text) {
  return ConfigValue::of(std::string(text), !is_plain_word(text));
}

std::string scalar_text(const ConfigValue& scalar) {
  // A string in JSON is one in YAML too.
  constexpr auto lenient = nlohmann::json::error_handler_t::replace;
  return scalar.quoted ? nlohmann::json(scalar.scalar).dump(-1, ' ', false, lenient) : scalar.scalar;
}

}  // namespace espalier
