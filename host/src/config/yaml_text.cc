#include "config/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "espalier/errors/errors.h"
#include "espalier/errors/nearest.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_size = std::size_t{1} << 20;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; entry != end; entry.increment(ignored)) {
    names.push_back(entry->path().filename().string());
    if (ignored) break;
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Beside the path that was given, or in the folder configs/, where Espalier's own are.
std::string nearest_file(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const std::string wanted = file.filename().string();
  if (const std::string name = nearest(wanted, names_in(folder)); !name.empty())
    return (file.parent_path() / name).string();
  if (file.has_parent_path()) return {};
  const std::string name = nearest(wanted, names_in("configs"));
  return name.empty() ? name : (fs::path("configs") / name).string();
}

/// The first config in a folder, in the order of their names.
std::string config_in(const fs::path& folder) {
  std::vector<std::string> names = names_in(folder);
  const auto config = std::ranges::find_if(
      names, [](const std::string& name) { return name.ends_with(".yaml") || name.ends_with(".yml"); });
  return config == names.end() ? "" : (folder / *config).string();
}

[[noreturn]] void refuse_file(const fs::path& file, const std::string& reason,
                              const std::string& remedy = "check the path and its permissions") {
  throw UsageError({.what = "cannot read the file: " + reason,
                    .where = file.string(),
                    .expected = "a YAML file",
                    .remedy = remedy});
}

[[noreturn]] void refuse_folder(const fs::path& folder) {
  const std::string config = config_in(folder);
  refuse_file(folder, "it is a folder",
              config.empty() ? "name a file" : "name one of its files, such as " + config);
}

bool is_text(boost::locale::utf::code_point c) {
  return boost::locale::utf::is_valid_codepoint(c) && (c >= 0x20 || c == '\n' || c == '\r' || c == '\t');
}

}  // namespace

std::string read_config_text(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) {
    throw UsageError({.what = "no such file",
                      .where = file.string(),
                      .expected = "a YAML file",
                      .nearest = nearest_file(file),
                      .remedy = "check the path"});
  }
  if (error) refuse_file(file, error.message());
  if (fs::is_directory(status)) refuse_folder(file);

  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) refuse_file(file, std::generic_category().message(errno));
  std::string text(max_size + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) refuse_file(file, "reading failed");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

void require_text(std::string_view text, const std::string& name) {
  if (text.size() > max_size) {
    throw UsageError({.what = "too large to be a config",
                      .where = name,
                      .expected = fmt::format("at most {} MiB", max_size >> 20),
                      .remedy = "check that this is the file you meant"});
  }
  for (const char* at = text.data(); at != text.data() + text.size();) {
    const char* const start = at;
    if (is_text(boost::locale::utf::utf_traits<char>::decode(at, text.data() + text.size()))) continue;
    const auto line = std::count(text.data(), start, '\n') + 1;
    throw UsageError({.what = fmt::format("not text: byte {:#04x}", static_cast<unsigned char>(*start)),
                      .where = fmt::format("{}:{}", name, line),
                      .expected = "YAML in UTF-8",
                      .remedy = "check that this is the file you meant, and save it as UTF-8"});
  }
}

std::string with_escapes_in_utf8(std::string_view scalar) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  std::string text;
  const char* const end = scalar.data() + scalar.size();
  for (const char* at = scalar.data(); at != end;) {
    const char* const start = at;
    boost::locale::utf::code_point character = Utf8::decode(at, end);
    if (!boost::locale::utf::is_valid_codepoint(character)) {
      character = static_cast<unsigned char>(*start);
      at = start + 1;
    }
    Utf8::encode(character, std::back_inserter(text));
  }
  return text;
}

}  // namespace espalier::host
