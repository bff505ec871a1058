#include "plugins/plugin_trust.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "files/user_name.h"
#include "plugins/plugin_folders.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "ESPALIER_TRUSTED_PLUGIN_PATH";

bool lies_within(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

bool is_trusted_by_name(const fs::path& file) {
  const auto folders = folders_of_variable(kVariable);
  return std::any_of(folders.begin(), folders.end(), [&](const fs::path& folder) {
    std::error_code error;
    const fs::path canonical = fs::canonical(folder, error);
    return !error && lies_within(file, canonical);
  });
}

/// A sticky folder (/tmp) lets everybody add files, but change only his own: those are known by their owner.
bool everybody_can_change(const struct stat& status) {
  const bool sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  return (status.st_mode & S_IWOTH) != 0 && !sticky;
}

bool is_trusted(uid_t owner) {
  struct stat own = {};
  const bool known = ::stat(own_library().c_str(), &own) == 0;
  return owner == 0 || owner == geteuid() || (known && owner == own.st_uid);
}

std::string allow(const fs::path& folder) {
  return fmt::format("or trust it: {}={}", kVariable, folder.string());
}

std::optional<Distrust> distrust_of(const fs::path& path, const fs::path& file) {
  struct stat status = {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  const std::string which = path == file ? "" : fmt::format("lies in {}, which ", path.string());
  const fs::path folder = file.parent_path();
  if (everybody_can_change(status)) {
    return Distrust{
        .problem = fmt::format("{}can be changed by everybody (mode {:04o})", which, status.st_mode & 07777),
        .remedy = fmt::format("chmod o-w {}, {}", path.string(), allow(folder))};
  }
  const bool answers_for_its_owner = path == file || path == folder;
  if (answers_for_its_owner && !is_trusted(status.st_uid)) {
    return Distrust{.problem = fmt::format("{}belongs to {}, who is neither you nor root", which,
                                           user_name(status.st_uid)),
                    .remedy = fmt::format("copy it to a folder of yours, {}", allow(folder))};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Distrust> distrust(const fs::path& given) {
  std::error_code error;
  const fs::path file = fs::canonical(given, error);
  if (error || is_trusted_by_name(file)) return std::nullopt;
  const fs::path& library = own_library();
  for (fs::path path = file; !lies_within(library, path); path = path.parent_path()) {
    if (auto found = distrust_of(path, file)) return found;
  }
  return std::nullopt;
}

}  // namespace espalier::host
