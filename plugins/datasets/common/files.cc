#include "files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <system_error>
#include <utility>

#include "espalier/data/data_path.h"
#include "espalier/errors/errors.h"
#include "espalier/files/read_file.h"

namespace fs = std::filesystem;
using espalier::Error;

DatasetFiles::DatasetFiles(Source source, const espalier::Config& config)
    : source_(std::move(source)),
      folder_(config.path("folder", "the folder of the dataset's files; empty: the folder " + source_.folder +
                                        " in ESPALIER_DATA_PATH")) {}

std::vector<fs::path> DatasetFiles::folders() const {
  // The folder around it is what people name, too.
  if (!folder_.empty()) return {folder_, folder_ / source_.folder};
  std::vector<fs::path> folders;
  for (const fs::path& folder : espalier::data_folders()) folders.push_back(folder / source_.folder);
  if (!source_.package_folder.empty()) folders.emplace_back(source_.package_folder);
  return folders;
}

fs::path DatasetFiles::find(const std::string& name) const {
  std::vector<std::string> looked_for;
  for (const fs::path& folder : folders()) {
    fs::path file = folder / name;
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) return file;
    looked_for.push_back(file.string());
  }
  throw Error({.what = fmt::format("{} has no file {}", source_.title, name),
               .where = fmt::format("{}", fmt::join(looked_for, ", ")),
               .expected = source_.layout,
               .remedy = folder_.empty()
                             ? fmt::format("{}; then set the option folder to the folder of these files, or "
                                           "ESPALIER_DATA_PATH to the folder around it",
                                           source_.remedy)
                             : fmt::format("correct the path, or {}", source_.remedy)});
}

void DatasetFiles::refuse(const fs::path& file, const std::string& what, const std::string& expected) const {
  throw Error({.what = fmt::format("{}: {}", source_.title, what),
               .where = file.string(),
               .expected = expected,
               .remedy = source_.remedy});
}

std::vector<std::uint8_t> read_bytes(const fs::path& file) {
  std::ifstream stream = espalier::open_file(file);
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(fs::file_size(file)));
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (stream) return bytes;
  throw Error({.what = "the file cannot be read",
               .where = file.string(),
               .remedy = "check its permissions and the disk"});
}
