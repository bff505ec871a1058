#pragma once

#include <exception>
#include <string>

namespace espalier::host {

/// Throws the same error, which says as well what it ended ("the search of gdas with seed 3").
[[noreturn]] void rethrow_named(const std::exception_ptr& error, const std::string& name);

}  // namespace espalier::host
