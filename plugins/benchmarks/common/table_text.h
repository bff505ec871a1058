#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

/// What to do about a broken table, which without a checksum (0) is one of a person's own.
inline const char* remedy_for_table(std::uint32_t crc) {
  return crc == 0 ? "correct the table" : "restore the file from the distribution";
}

/// The inflated text of a gzipped table. Throws Error, naming the file, when it is missing, damaged, too
/// large, or its text lacks the checksum `crc` (0: not compared).
std::string table_text(const std::filesystem::path& file, std::uint32_t crc);
