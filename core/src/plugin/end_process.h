#pragma once

#include <string>
#include <string_view>

namespace espalier {

/// Ends this process with exit code 1 and a message that names the plugin, where no exception can say it.
/// What the plugin `did` completes "the plugin's ask() …".
[[noreturn]] void end_process(const std::string& origin, std::string_view call, std::string_view did);

}  // namespace espalier
