#pragma once

#include <map>
#include <string>
#include <string_view>

namespace espalier::host {

/// The text behind `separator` in the first line of a file that begins with `key`; "unknown" where there is
/// none.
std::string value_in(const char* file, std::string_view key, char separator);

/// What the last digits of a sum may depend on beside the program: the kind of CPU, how many cores it has,
/// and the environment variables with which libraries choose their code and their threads.
std::map<std::string, std::string> machine_arithmetic();

}  // namespace espalier::host
