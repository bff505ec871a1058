#include "plugins/loaded_libraries.h"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <vector>

#include "files/hashed_file.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 13> computing = {
    "libespalier_", "libtorch", "libc10",  "libopenblas", "libblas",   "liblapack", "libmkl",
    "libdnnl",      "libgomp",  "libiomp", "libm.so",     "libc++.so", "libstdc++"};

struct Library {
  fs::path file;
  std::string build_id;  ///< empty where it has none
};

/// The build ID in a segment of notes, each of which is a header, a name and a description.
std::string build_id_in(const char* notes, std::size_t size) {
  const auto aligned = [](std::size_t length) { return (length + 3U) & ~std::size_t{3}; };
  ElfW(Nhdr) header{};
  while (size >= sizeof header) {
    std::memcpy(&header, notes, sizeof header);
    const std::size_t description = sizeof header + aligned(header.n_namesz);
    const std::size_t end = description + aligned(header.n_descsz);
    if (header.n_namesz > size || header.n_descsz > size || end > size) return {};
    const std::string_view name(notes + sizeof header, header.n_namesz);
    if (header.n_type == NT_GNU_BUILD_ID && name == std::string_view("GNU\0", 4)) {
      std::string id;
      for (std::size_t i = 0; i < header.n_descsz; ++i)
        id += fmt::format("{:02x}", static_cast<unsigned char>(notes[description + i]));
      return id;
    }
    notes += end;
    size -= end;
  }
  return {};
}

int add_library(dl_phdr_info* info, std::size_t /*size*/, void* libraries) {
  const fs::path file = info->dlpi_name == nullptr ? "" : info->dlpi_name;
  const std::string name = file.filename().string();
  if (std::ranges::none_of(computing, [&](std::string_view begin) { return name.starts_with(begin); }))
    return 0;
  Library library{.file = file, .build_id = {}};
  for (int i = 0; i < info->dlpi_phnum && library.build_id.empty(); ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives an address as a number
    const auto* const notes = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
    library.build_id = build_id_in(notes, segment.p_memsz);
  }
  static_cast<std::vector<Library>*>(libraries)->push_back(std::move(library));
  return 0;
}

/// Some have hundreds of megabytes, so each is read once.
std::string sha256_of_library(const fs::path& file) {
  static std::mutex mutex;
  static std::map<fs::path, std::string> known;
  const std::lock_guard lock(mutex);
  std::string& sum = known[file];
  if (sum.empty()) sum = HashedFile(file).sha256();
  return sum;
}

}  // namespace

std::map<std::string, std::string> loaded_libraries() {
  std::vector<Library> libraries;
  dl_iterate_phdr(add_library, &libraries);
  std::map<std::string, std::string> identities;
  for (const Library& library : libraries)
    identities[library.file.filename().string()] =
        library.build_id.empty() ? "sha256 " + sha256_of_library(library.file) : "build " + library.build_id;
  return identities;
}

}  // namespace espalier::host
