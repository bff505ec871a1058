#include "espalier/data/data_path.h"

#include <dlfcn.h>

#include <cstdlib>
#include <string_view>
#include <system_error>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> folders_of_environment() {
  const char* value = std::getenv("ESPALIER_DATA_PATH");
  std::vector<fs::path> folders;
  std::string_view rest = value == nullptr ? "" : value;
  while (!rest.empty()) {
    const std::size_t length = rest.find(':');
    if (length != 0) folders.emplace_back(rest.substr(0, length));
    rest = length == std::string_view::npos ? "" : rest.substr(length + 1);
  }
  return folders;
}

// Whatever stands in this library tells where the library itself was loaded from.
const char marker = 0;

std::vector<fs::path> folder_beside_library() {
  Dl_info library = {};
  if (dladdr(&marker, &library) == 0 || library.dli_fname == nullptr) return {};
  std::error_code ignored;
  const fs::path file = fs::weakly_canonical(library.dli_fname, ignored);
  if (ignored) return {};
  return {file.parent_path().parent_path() / "share" / "espalier" / "data"};
}

}  // namespace

std::vector<fs::path> data_folders() {
  std::vector<fs::path> folders = folders_of_environment();
  for (const fs::path& folder : folder_beside_library()) folders.push_back(folder);
  return folders;
}

fs::path find_data(const std::string& file_name) {
  std::string looked_in;
  for (const fs::path& folder : data_folders()) {
    std::error_code ignored;
    fs::path file = folder / file_name;
    if (fs::is_regular_file(file, ignored)) return file;
    if (!looked_in.empty()) looked_in += ", ";
    looked_in += folder.string();
  }
  throw Error({.what = "no data file '" + file_name + "'",
               .expected = "the file in one of: " + looked_in,
               .remedy = "put the file into one of these folders, or name its folder in ESPALIER_DATA_PATH"});
}

}  // namespace espalier
