#pragma once

#include <string_view>

#include "espalier/plugin/plugin_base.h"
#include "espalier/space/architecture.h"
#include "espalier/space/search_space.h"

// What a plugin's function returned, looked at before others rely on it: a mistake is a PluginFailure that
// names the plugin, its file and the call.
namespace espalier {

/// Throws where `answer` is no architecture of `space`.
void check_answer(const Plugin& plugin, std::string_view call, const SearchSpace& space,
                  const Architecture& answer);

/// Throws where `answer`, the call's `meaning` ("value"), is not finite.
void check_answer(const Plugin& plugin, std::string_view call, std::string_view meaning, double answer);

/// Throws where `answer`, the call's `meaning` ("deviation"), is negative or not finite.
void check_not_negative(const Plugin& plugin, std::string_view call, std::string_view meaning, double answer);

/// Throws where `seconds`, what something cost, is negative or not finite.
void check_cost(const Plugin& plugin, std::string_view call, double seconds);

/// Throws where `answer` is no text of UTF-8 in one line.
void check_answer(const Plugin& plugin, std::string_view call, std::string_view answer);

}  // namespace espalier
