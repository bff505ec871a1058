#include "espalier/space/architecture_json.h"

#include <limits>

#include "errors/json_excerpt.h"
#include "espalier/errors/errors.h"

namespace espalier {
void to_json(nlohmann::json& json, const Architecture& architecture) {
  json = nlohmann::json::array();
  for (const Architecture::Index choice : architecture.choices()) json.push_back(choice);
}

void from_json(const nlohmann::json& json, Architecture& architecture) {
  constexpr std::uint64_t kLargest = std::numeric_limits<Architecture::Index>::max();
  const auto refuse = [&] {
    throw Error({.what = "an architecture cannot be read from " + json_excerpt(json),
                 .expected = "a list of candidate indices, such as [0, 3, 1]"});
  };
  if (!json.is_array()) refuse();
  Architecture read = Architecture::zeros(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (!json[i].is_number_integer() || json[i] < 0 || json[i] > kLargest) {
      refuse();
    }
    read.set(i, json[i].get<std::size_t>());
  }
  architecture = read;
}

}  // namespace espalier
