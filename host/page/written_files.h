#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::page {

/// The files of a report by their names within its folder, with their content.
using ReportFiles = std::map<std::string, std::string>;

/// Whether a text can be an id of a document: letters, digits and hyphens, so that it can name files.
bool is_id(std::string_view text);

/// Removes from a folder the tables and figures that an older report wrote there and that are not among
/// `files`. Gives a remark for each that stays because it was changed since.
std::vector<std::string> remove_older_files(const std::filesystem::path& folder, const ReportFiles& files);

/// The list of files, with their hashes, by which the next report knows what this one wrote.
inline constexpr const char* kFileList = "report.files.json";
std::string file_list(const ReportFiles& files);

}  // namespace espalier::page
