#include "idx.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>

#include "espalier/errors/errors.h"

namespace {

/// Far above any file of this dataset: a header that promises more is damaged.
constexpr std::size_t kMostItems = 1'000'000;
/// How much is read at once, so that a header's promise alone takes no memory.
constexpr std::size_t kBlock = std::size_t{1} << 20;

struct CloseGzip {
  void operator()(gzFile_s* file) const { gzclose(file); }
};
using GzipFile = std::unique_ptr<gzFile_s, CloseGzip>;

/// Returns how many bytes were read; fewer than `count` at the end, or when the file is damaged.
std::size_t read(gzFile_s* file, std::uint8_t* bytes, std::size_t count) {
  return gzfread(bytes, 1, count, file);
}

/// Up to `count` bytes; fewer as above.
std::vector<std::uint8_t> read(gzFile_s* file, std::size_t count) {
  std::vector<std::uint8_t> bytes;
  std::size_t got = count;
  while (got > 0 && bytes.size() < count) {
    const std::size_t before = bytes.size();
    bytes.resize(std::min(before + kBlock, count));
    got = read(file, &bytes[before], bytes.size() - before);
    bytes.resize(before + got);
  }
  return bytes;
}

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 |
         bytes[3];
}

std::string expected_header(const std::vector<std::size_t>& item) {
  return item.empty() ? "a gzipped IDX file of labels"
                      : fmt::format("a gzipped IDX file of images of {}", fmt::join(item, "×"));
}

}  // namespace

std::vector<std::uint8_t> read_idx(const DatasetFiles& files, const std::string& name,
                                   const std::vector<std::size_t>& item) {
  constexpr std::uint32_t kUnsignedByte = 0x08;
  const std::filesystem::path path = files.find(name);
  const GzipFile file(gzopen(path.c_str(), "rb"));
  if (!file) files.refuse(path, "the file cannot be read", "a readable file");

  // Type and number of dimensions, the number of items, their sizes.
  std::vector<std::uint8_t> header(8 + 4 * item.size());
  bool other = read(file.get(), header.data(), header.size()) != header.size() ||
               big_endian(header.data()) != (kUnsignedByte << 8 | (item.size() + 1));
  for (std::size_t i = 0; !other && i < item.size(); ++i) other = big_endian(&header[8 + 4 * i]) != item[i];
  const std::size_t count = other ? 0 : big_endian(&header[4]);
  if (other || count > kMostItems) {
    files.refuse(path, "the file is damaged or not of this dataset", expected_header(item));
  }

  const std::size_t length = std::accumulate(item.begin(), item.end(), std::size_t{1}, std::multiplies<>());
  std::vector<std::uint8_t> values = read(file.get(), count * length);
  std::uint8_t beyond = 0;
  // zlib compares the checksum when it reads beyond the end.
  const bool whole = values.size() == count * length && read(file.get(), &beyond, 1) == 0;
  int status = Z_OK;
  gzerror(file.get(), &status);
  if (!whole || status != Z_OK) {
    files.refuse(
        path, "the file is damaged or cut short",
        fmt::format("{} items of {} bytes, as its header says, and a checksum that matches", count, length));
  }
  return values;
}
