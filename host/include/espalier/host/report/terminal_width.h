#pragma once

#include <cstddef>
#include <optional>

#include "espalier/plugin/export.h"

namespace espalier::host {

/// [any-thread] How many characters a line of the terminal has that a file descriptor leads to, at this
/// moment; nothing where it leads elsewhere.
ESPALIER_EXPORT std::optional<std::size_t> terminal_width(int descriptor);

/// [any-thread] Whether a file descriptor leads to a terminal that can move its cursor, unlike one that calls
/// itself "dumb".
ESPALIER_EXPORT bool can_move_cursor(int descriptor);

/// Clears the line at whose beginning a terminal's cursor stands, and all below it.
inline constexpr const char* kClearLine = "\r\x1b[J";

}  // namespace espalier::host
