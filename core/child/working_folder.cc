#include "child/working_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "espalier/errors/errors.h"

namespace espalier::child {

namespace fs = std::filesystem;

WorkingFolder::WorkingFolder() {
  std::string name = (fs::temp_directory_path() / "espalier-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw Error({.what = fmt::format("cannot make a temporary folder: {}", std::strerror(errno)),
                 .where = fs::temp_directory_path().string(),
                 .remedy = "name a folder that you may write to in TMPDIR"});
  path_ = name;
}

WorkingFolder::~WorkingFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void WorkingFolder::write(const std::string& name, std::string_view content) const {
  std::ofstream(path_ / name, std::ios::binary) << content;
}

}  // namespace espalier::child
