#include "espalier/files/read_file.h"

#include <array>
#include <cerrno>
#include <system_error>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const std::string& why,
                         const std::string& remedy = "check the path and its permissions") {
  throw Error({.what = "cannot read " + file.filename().string() + ": " + why,
               .where = file.string(),
               .expected = "a file that can be read",
               .remedy = remedy});
}

std::string name_of(fs::file_type type) {
  switch (type) {
    case fs::file_type::directory:
      return "it is a folder";
    case fs::file_type::fifo:
      return "it is a named pipe";
    case fs::file_type::block:
    case fs::file_type::character:
      return "it is a device";
    case fs::file_type::socket:
      return "it is a socket";
    default:
      return "it is not a regular file";
  }
}

}  // namespace

std::ifstream open_file(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::none || status.type() == fs::file_type::not_found)
    refuse(file, error ? error.message() : std::generic_category().message(ENOENT));
  if (!fs::is_regular_file(status))
    refuse(file, name_of(status.type()), "put the file back in its place, or name another one");
  std::ifstream stream;
  do {
    errno = 0;
    stream.clear();
    stream.open(file, std::ios::binary);
  } while (!stream.is_open() && errno == EINTR);
  if (!stream.is_open()) refuse(file, std::generic_category().message(errno));
  return stream;
}

std::optional<std::string> read_file(const fs::path& file) {
  std::error_code ignored;
  if (fs::status(file, ignored).type() == fs::file_type::not_found) return std::nullopt;
  std::ifstream stream = open_file(file);
  std::string content;
  std::array<char, 1 << 16> block;
  do {
    errno = 0;
    stream.read(block.data(), block.size());
    content.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  } while (stream);
  if (stream.bad()) refuse(file, std::generic_category().message(errno));
  return content;
}

}  // namespace espalier
