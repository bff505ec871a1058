#include "plugins/elf_check.h"

#include <elf.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>

// The header of the library that this code is in: what a plugin's has to look like.
extern "C" [[gnu::visibility("hidden")]] const Elf64_Ehdr __ehdr_start;  // NOLINT: the linker's name

namespace espalier::host {
namespace {

constexpr std::uint64_t kMaxSectionNames = 1 << 20;
constexpr const char* kTruncated = "is truncated or damaged: its header points outside of the file";

class Reader {
 public:
  Reader(const std::filesystem::path& file, std::uint64_t size)
      : stream_(file, std::ios::binary), size_(size) {}

  bool is_open() const { return stream_.is_open(); }
  bool holds(std::uint64_t offset, std::uint64_t length) const {
    return offset <= size_ && length <= size_ - offset;
  }
  template <class T>
  bool read(std::uint64_t offset, T& value) {
    if (!holds(offset, sizeof(T))) return false;
    stream_.seekg(static_cast<std::streamoff>(offset));
    return static_cast<bool>(stream_.read(reinterpret_cast<char*>(&value), sizeof(T)));
  }

 private:
  std::ifstream stream_;
  std::uint64_t size_;
};

std::string identity_problem(const Elf64_Ehdr& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return "is not a shared library (not an ELF file)";
  const Elf64_Ehdr& own = __ehdr_start;
  const bool native = header.e_ident[EI_CLASS] == own.e_ident[EI_CLASS] &&
                      header.e_ident[EI_DATA] == own.e_ident[EI_DATA] && header.e_machine == own.e_machine;
  if (!native) return "was built for another machine";
  if (header.e_type != ET_DYN) return "is not a shared library (another type of ELF file)";
  return {};
}

std::string section_problem(Reader& reader, const Elf64_Ehdr& header) {
  if (header.e_shoff == 0) return "is not an Espalier plugin: it has no sections";
  if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shstrndx >= header.e_shnum ||
      !reader.holds(header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr))) {
    return kTruncated;
  }
  Elf64_Shdr names;
  if (!reader.read(header.e_shoff + header.e_shstrndx * sizeof(Elf64_Shdr), names)) return kTruncated;
  if (names.sh_type != SHT_STRTAB || names.sh_size == 0 || !reader.holds(names.sh_offset, names.sh_size)) {
    return kTruncated;
  }
  if (names.sh_size > kMaxSectionNames) return "is not an Espalier plugin: its section names take over 1 MiB";
  char last = 1;
  if (!reader.read(names.sh_offset + names.sh_size - 1, last) || last != '\0') return kTruncated;
  return {};
}

// The loader maps what lies behind the end of a file, and dies on touching it.
std::string segment_problem(Reader& reader, const Elf64_Ehdr& header) {
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return kTruncated;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    if (!reader.holds(header.e_phoff, 0) || !reader.read(header.e_phoff + i * sizeof(segment), segment) ||
        !reader.holds(segment.p_offset, segment.p_filesz)) {
      return kTruncated;
    }
  }
  return {};
}

}  // namespace

std::string elf_problem(const std::filesystem::path& file) {
  std::error_code error;
  // A FIFO would block whoever opens it.
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) return "cannot be read: " + error.message();
  if (!std::filesystem::is_regular_file(status)) return "is not a regular file";
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return "cannot be read: " + error.message();
  if (size == 0) return "is empty";

  errno = 0;
  Reader reader(file, size);
  if (!reader.is_open()) return "cannot be read: " + std::generic_category().message(errno);
  Elf64_Ehdr header;
  if (!reader.read(0, header)) return "is not a shared library (too short to be one)";
  std::string problem = identity_problem(header);
  if (problem.empty()) problem = section_problem(reader, header);
  if (problem.empty()) problem = segment_problem(reader, header);
  return problem;
}

}  // namespace espalier::host
