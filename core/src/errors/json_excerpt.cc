#include "errors/json_excerpt.h"

#include <nlohmann/json.hpp>

namespace espalier {

std::string json_excerpt(const nlohmann::json& json) {
  constexpr std::size_t kLongest = 80;
  // Invalid UTF-8 is shown as replacement characters; by default, dump() throws.
  std::string text = json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "…";
  return text;
}

}  // namespace espalier
