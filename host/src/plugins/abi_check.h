#pragma once

#include <string>
#include <string_view>

namespace espalier::host {

/// Why a plugin with this ABI tag (espalier/plugin/abi.h) cannot be loaded into this process: "was built for
/// another ABI: …". Empty when it can.
std::string abi_problem(std::string_view tag);

}  // namespace espalier::host
