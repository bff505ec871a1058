#pragma once

#include <string>

#include "espalier/plugin/export.h"

namespace espalier::host {

/// [any-thread] A word as one types it in a shell, in quotes where it needs them.
ESPALIER_EXPORT std::string shell_quoted(const std::string& word);

}  // namespace espalier::host
