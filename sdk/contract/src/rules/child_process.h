#pragma once

#include <functional>
#include <string>

namespace espalier::contract {

/// Runs `action` in a child process and ignores what it throws. Returns how the process crashed,
/// "Segmentation fault", or nothing when it ended by itself.
std::string crash_of(const std::function<void()>& action);

}  // namespace espalier::contract
