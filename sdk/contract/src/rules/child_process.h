#pragma once

#include <functional>
#include <string>

namespace espalier::contract {

/// Runs `action` in a child process, whatever it throws. How that ended, where it did not end by itself:
/// "Segmentation fault".
std::string crash_of(const std::function<void()>& action);

}  // namespace espalier::contract
