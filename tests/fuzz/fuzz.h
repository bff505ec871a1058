#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "espalier/config/config_value.h"
#include "espalier/errors/errors.h"
#include "espalier/host/host.h"

/// What the harnesses share. A harness hands bytes to a reader of this project, which takes them or throws an
/// Error; whatever else happens is a finding: another exception, a crash, a leak, a hang, a broken
/// requirement.
namespace espalier::fuzz {

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

/// Whether `action` ended well, and not with an Error of the type that it may throw.
template <class Refusal = Error, class Action>
bool succeeds(const Action& action) {
  try {
    action();
  } catch (const Refusal&) {
    return false;
  }
  return true;
}

/// The bundled plugins.
inline host::Host& host() {
  static host::Host host;
  return host;
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline bool same(const ConfigValue& a, const ConfigValue& b) {
  return a.kind == b.kind && a.scalar == b.scalar &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same) &&
         std::equal(
             a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
             [](const auto& x, const auto& y) { return x.first == y.first && same(x.second, y.second); });
}

/// A folder of this process, gone at its end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "espalier-fuzz-XXXXXX").string();
    require(::mkdtemp(name.data()) != nullptr, "a temporary folder can be made");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  std::filesystem::path write(std::string_view name, std::string_view bytes) const {
    const std::filesystem::path file = path_ / name;
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace espalier::fuzz
