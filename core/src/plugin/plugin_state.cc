#include "espalier/plugin/plugin_state.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "espalier/plugin/plugin_call.h"

namespace espalier {

// Without recursion: a state that nests a hundred thousand times is one of the mistakes that this finds.
void check_state(const Plugin& plugin, std::string_view call, const nlohmann::json& state,
                 std::size_t levels) {
  const auto refuse = [&](const char* what) {
    throw_plugin_mistake(
        plugin, fmt::format("the plugin's {} gave a state that {}", call, what),
        fmt::format("JSON of at most {} nested levels, whose binary data has no subtype", levels));
  };
  std::vector<std::pair<const nlohmann::json*, std::size_t>> left = {{&state, 0}};
  while (!left.empty()) {
    const auto [value, level] = left.back();
    left.pop_back();
    if (value->is_binary() && value->get_binary().has_subtype()) refuse("holds binary data of a subtype");
    if (!value->is_structured()) continue;
    if (level == levels) refuse("nests too deep");
    for (const nlohmann::json& item : *value) left.emplace_back(&item, level + 1);
  }
}

}  // namespace espalier
