#include "espalier/space/architecture_json.h"

#include <fmt/format.h>

#include <limits>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

/// The beginning of the JSON text, for a message.
std::string excerpt(const nlohmann::json& json) {
  constexpr std::size_t kLongest = 80;
  // Invalid UTF-8 is shown as replacement characters; by default, dump() throws.
  std::string text = json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "…";
  return text;
}

[[noreturn]] void refuse(std::string_view what, const nlohmann::json& json, std::string_view expected) {
  throw Error({.what = fmt::format("{} cannot be read from {}", what, excerpt(json)),
               .expected = std::string(expected)});
}

double number(const nlohmann::json& json, const char* key) {
  if (!json.is_object() || !json.contains(key) || !json.at(key).is_number()) {
    refuse("an outcome", json, R"({"value": number, "seconds": number})");
  }
  return json.at(key).get<double>();
}

}  // namespace

void to_json(nlohmann::json& json, const Architecture& architecture) {
  json = nlohmann::json::array();
  for (const Architecture::Index choice : architecture.choices()) json.push_back(choice);
}

void from_json(const nlohmann::json& json, Architecture& architecture) {
  constexpr std::uint64_t kLargest = std::numeric_limits<Architecture::Index>::max();
  constexpr std::string_view kExpected = "a list of candidate indices, such as [0, 3, 1]";
  if (!json.is_array()) refuse("an architecture", json, kExpected);
  Architecture read = Architecture::zeros(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (!json[i].is_number_integer() || json[i] < 0 || json[i] > kLargest) {
      refuse("an architecture", json, kExpected);
    }
    read.set(i, json[i].get<std::size_t>());
  }
  architecture = read;
}

void to_json(nlohmann::json& json, const Outcome& outcome) {
  json = {{"value", outcome.value}, {"seconds", outcome.seconds}};
}

void from_json(const nlohmann::json& json, Outcome& outcome) {
  outcome = {.value = number(json, "value"), .seconds = number(json, "seconds")};
}

}  // namespace espalier
