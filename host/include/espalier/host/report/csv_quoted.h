#pragma once

#include <string>

#include "espalier/plugin/export.h"

namespace espalier::host {

/// [any-thread] The cell of a table (CSV, RFC 4180) for text that may hold commas or quotes, as the strings
/// of some spaces do.
ESPALIER_EXPORT std::string csv_quoted(const std::string& text);

}  // namespace espalier::host
