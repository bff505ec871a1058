#include "page/written_files.h"

#include <fmt/format.h>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"

namespace espalier::page {
namespace {

namespace fs = std::filesystem;

std::string hash_of(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> text;
  return sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
}

/// The list may have been changed by anybody: only names that a report gives are believed.
bool is_part_name(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view folder = name.substr(0, slash);
  const std::string_view file = name.substr(slash + 1);
  const std::size_t dot = file.find('.');
  if (dot == 0 || dot == std::string_view::npos) return false;
  const std::string_view extension = file.substr(dot);
  const bool table = folder == "tables" && (extension == ".md" || extension == ".tex" || extension == ".csv");
  const bool figure = folder == "figures" && (extension == ".svg" || extension == ".pdf");
  return is_id(file.substr(0, dot)) && (table || figure);
}

std::map<std::string, std::string> older_list(const fs::path& folder) {
  std::map<std::string, std::string> list;
  const auto text = read_file(folder / kFileList);
  const auto json = nlohmann::json::parse(text.value_or("{}"), nullptr, false);
  if (!json.is_object()) return list;
  for (const auto& [name, hash] : json.items())
    if (hash.is_string() && is_part_name(name)) list[name] = hash.get<std::string>();
  return list;
}

std::optional<std::string> readable(const fs::path& file) {
  try {
    std::error_code unknown;
    return fs::is_symlink(file, unknown) ? std::nullopt : read_file(file);
  } catch (const Error&) {
    return std::nullopt;  // not a regular file: not what a report wrote
  }
}

}  // namespace

bool is_id(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '-';
  });
}

std::vector<std::string> remove_older_files(const fs::path& folder, const ReportFiles& files) {
  std::vector<std::string> remarks;
  for (const auto& [name, hash] : older_list(folder)) {
    if (files.contains(name)) continue;
    const auto content = readable(folder / name);
    if (!content) continue;
    std::error_code failed;
    if (hash_of(*content) != hash || !fs::remove(folder / name, failed))
      remarks.push_back(fmt::format("{} is of an older report, and stays because it {}.", name,
                                    failed ? "cannot be removed" : "was changed since"));
  }
  return remarks;
}

std::string file_list(const ReportFiles& files) {
  nlohmann::json list = nlohmann::json::object();
  for (const auto& [name, content] : files) list[name] = hash_of(content);
  return list.dump(1) + "\n";
}

}  // namespace espalier::page
