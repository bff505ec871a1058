#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "espalier/errors/errors.h"
#include "espalier/host/plugins/plugin_registry.h"
#include "espalier/random/random.h"
#include "espalier/search/optimizer.h"
#include "paths.h"

namespace espalier::host {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const fs::path kGood = fs::path(paths::fixture_plugins) / "good";

class PluginHostileFileTest : public ::testing::Test {
 protected:
  PluginHostileFileTest() {
    std::string pattern = ::testing::TempDir() + "espalier_plugins_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    std::ifstream stream(kGood / "optimizer.so", std::ios::binary);
    good_.assign(std::istreambuf_iterator<char>(stream), {});
  }
  ~PluginHostileFileTest() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& content) const {
    const fs::path file = folder_ / name;
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }
  /// The good plugin with another header.
  fs::path patched(const std::function<void(Elf64_Ehdr&)>& change) const {
    std::string content = good_;
    Elf64_Ehdr header;
    std::memcpy(&header, content.data(), sizeof(header));
    change(header);
    std::memcpy(content.data(), &header, sizeof(header));
    return write("patched.so", content);
  }
  /// The good plugin with another section of section names.
  fs::path patched_names(const std::function<void(Elf64_Shdr&)>& change) const {
    std::string content = good_;
    Elf64_Ehdr header;
    std::memcpy(&header, content.data(), sizeof(header));
    char* const at = content.data() + header.e_shoff + header.e_shstrndx * sizeof(Elf64_Shdr);
    Elf64_Shdr names;
    std::memcpy(&names, at, sizeof(names));
    change(names);
    std::memcpy(at, &names, sizeof(names));
    return write("patched.so", content);
  }
  static std::string problem(const fs::path& file) { return PluginRegistry::check(file).problem; }

  fs::path folder_;
  std::string good_;
};

TEST_F(PluginHostileFileTest, NoLibraries) {
  EXPECT_THAT(
      problem(write("text.so", "You may call me a library, but that does not make me one of them.\n")),
      HasSubstr("not an ELF file"));
  EXPECT_THAT(problem(write("empty.so", "")), HasSubstr("is empty"));
  EXPECT_THAT(problem(write("short.so", good_.substr(0, 20))), HasSubstr("too short"));
  EXPECT_THAT(problem(folder_), HasSubstr("not a regular file"));
  EXPECT_THAT(problem(folder_ / "missing.so"), HasSubstr("No such file"));
  EXPECT_THAT(problem("/dev/zero"), HasSubstr("not a regular file"));
}

TEST_F(PluginHostileFileTest, AFifoDoesNotBlock) {
  const fs::path fifo = folder_ / "fifo.so";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_THAT(problem(fifo), HasSubstr("not a regular file"));
  EXPECT_EQ(PluginRegistry({folder_}).list().size(), 1U);
}

TEST_F(PluginHostileFileTest, SymbolicLinks) {
  fs::create_symlink("gone.so", folder_ / "broken.so");
  fs::create_symlink("b.so", folder_ / "a.so");
  fs::create_symlink("a.so", folder_ / "b.so");
  EXPECT_THAT(problem(folder_ / "broken.so"), HasSubstr("No such file"));
  EXPECT_THAT(problem(folder_ / "a.so"), HasSubstr("symbolic links"));

  fs::create_symlink(kGood / "optimizer.so", folder_ / "link.so");
  fs::create_symlink(kGood, folder_ / "folder");
  fs::create_directory(folder_ / "directory.so");
  write("notes.txt", "no library");
  PluginRegistry registry({folder_, folder_ / "folder", kGood});
  EXPECT_EQ(registry.list().size(), 3 + plugin_kinds().size())
      << "three broken links and the good files, each once";
  EXPECT_NO_THROW(registry.make<Optimizer>("good"));
}

TEST_F(PluginHostileFileTest, AnUnreadableFile) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const fs::path file = write("secret.so", good_);
  fs::permissions(file, fs::perms::none);
  EXPECT_THAT(problem(file), HasSubstr("Permission denied"));
}

TEST_F(PluginHostileFileTest, EveryTruncationIsAProblem) {
  for (std::size_t size = 0; size < good_.size(); size += size < 64 ? 1 : good_.size() / 50) {
    EXPECT_NE(problem(write("truncated.so", good_.substr(0, size))), "") << size;
  }
}

TEST_F(PluginHostileFileTest, HeadersThatPointOutside) {
  const std::string outside = "points outside of the file";
  EXPECT_THAT(problem(patched([](auto& header) { header.e_shnum = 0xffff; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_shoff = ~0ULL; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_shoff = ~0ULL - 63; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_shstrndx = 0xffff; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_shstrndx = 0; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_shnum = 0; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_shentsize = 1; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_phoff = ~0ULL - 55; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_phnum = 0xffff; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_phentsize = 0; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched_names([](auto& names) { names.sh_size = ~0ULL; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched_names([](auto& names) { names.sh_size = 0; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched_names([](auto& names) { names.sh_size -= 1; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched_names([](auto& names) { names.sh_offset = ~0ULL; })), HasSubstr(outside));
  EXPECT_THAT(problem(patched_names([](auto& names) { names.sh_type = SHT_NOBITS; })), HasSubstr(outside));
}

TEST_F(PluginHostileFileTest, OtherMachinesAndOtherTypes) {
  EXPECT_THAT(problem(patched([](auto& header) { header.e_machine = EM_S390; })),
              HasSubstr("another machine"));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_ident[EI_CLASS] = ELFCLASS32; })),
              HasSubstr("another machine"));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_ident[EI_DATA] = ELFDATA2MSB; })),
              HasSubstr("another machine"));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_type = ET_REL; })),
              HasSubstr("not a shared library"));
  EXPECT_THAT(problem(patched([](auto& header) { header.e_shoff = 0; })), HasSubstr("no sections"));
}

TEST_F(PluginHostileFileTest, MalformedSections) {
  const auto renamed = [this](const std::string& name) {
    const std::string prefix = ".espalier/";
    std::string content = good_;
    const std::size_t at = content.find(prefix + "optimizer/good/");
    EXPECT_NE(at, std::string::npos);
    const std::size_t length = std::strlen(content.c_str() + at);
    content.replace(at, length, (prefix + name).append(length, '\0').substr(0, length));
    return write("renamed.so", content);
  };
  for (const char* name : {"", "optimizer", "optimizer/good", "optimizer/good/abi", "//1/",
                           "optimizer//1/abi", "optimizer/\x1b[31m/1/abi"}) {
    EXPECT_THAT(problem(renamed(name)), HasSubstr("malformed plugin section")) << name;
  }
}

// Whatever is in a file, reading it ends with an answer.
TEST_F(PluginHostileFileTest, RandomDamageNeverCrashes) {
  for (std::uint64_t round = 0; round < 200; ++round) {
    Rng rng(1, "damage", round);
    std::string content = good_;
    for (int i = 0; i < 8; ++i) content[rng.below(sizeof(Elf64_Ehdr))] = static_cast<char>(rng());
    const fs::path file = write("damaged.so", content);
    EXPECT_NO_THROW(PluginRegistry::check(file, false));
  }
  EXPECT_NO_THROW(PluginRegistry({folder_}).list());
}

TEST_F(PluginHostileFileTest, AFileThatMayBeTheOneMeantIsNamed) {
  const fs::path file = write("wanted.so", "");
  PluginRegistry registry({folder_});
  try {
    registry.make<Optimizer>("wanted");
    FAIL() << "an empty file was loaded";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.details().remedy, HasSubstr("wanted.so is empty"));
  }
}

}  // namespace
}  // namespace espalier::host
