#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "espalier/plugin/export.h"
#include "espalier/plugin/plugin_base.h"

namespace espalier {

/// How deep the state of a plugin may nest. A checkpoint that nests without end could not be read back.
inline constexpr std::size_t kMostStateLevels = 64;

/// [any-thread] Throws PluginFailure where what `call` ("save()") of a plugin returned could be written but
/// not read back: it nests deeper than `levels`, or holds binary data of a subtype.
ESPALIER_EXPORT void check_state(const Plugin& plugin, std::string_view call, const nlohmann::json& state,
                                 std::size_t levels = kMostStateLevels);

}  // namespace espalier
