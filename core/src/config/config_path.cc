#include "espalier/config/config_path.h"

#include <cstdlib>
#include <string_view>

namespace espalier {
namespace {

namespace fs = std::filesystem;

std::string with_home(const std::string& text) {
  const char* const home = std::getenv("HOME");
  const bool begins_at_home = text == "~" || text.starts_with("~/");
  return begins_at_home && home != nullptr ? home + text.substr(1) : text;
}

}  // namespace

fs::path config_path(const std::string& text, const Location& where) {
  if (text.empty()) return {};
  // What stands on a command line has a name instead of a file, and no folder.
  const fs::path folder = where.line > 0 ? fs::path(where.file).parent_path() : fs::path();
  fs::path path = fs::absolute(folder / with_home(text)).lexically_normal();
  const bool ends_in_slash = !path.has_filename() && path.has_relative_path();
  return ends_in_slash ? path.parent_path() : path;
}

}  // namespace espalier
