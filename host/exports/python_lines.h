#pragma once

#include <string>
#include <string_view>

namespace espalier::exports {

/// Code of Python whose long lines are broken at the arguments of their outermost call.
std::string wrapped(std::string_view code);

}  // namespace espalier::exports
