#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace espalier::host {

/// The whole file. Throws UsageError when it cannot be read or is too large to be a config.
std::string read_config_text(const std::filesystem::path& file);
/// Throws UsageError for bytes that no text in UTF-8 has.
void require_text(std::string_view text, const std::string& name);
/// A parsed scalar in UTF-8: yaml-cpp gives the escapes \_ and \N as the bytes that Latin-1 has for them.
std::string with_escapes_in_utf8(std::string_view scalar);

}  // namespace espalier::host
