#include "mat_check.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <vector>

#include "espalier/files/read_file.h"

namespace {

constexpr std::size_t kHeader = 128;
constexpr std::size_t kTag = 8;
constexpr std::uint32_t kCompressed = 15;

std::uint32_t little_endian(const unsigned char* bytes) {
  return bytes[0] | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 24;
}

/// Whether the next `length` bytes are one whole zlib stream whose checksum fits.
bool inflates(std::istream& stream, std::size_t length) {
  z_stream inflater = {};
  if (inflateInit(&inflater) != Z_OK) return false;
  std::vector<unsigned char> in(1 << 16);
  std::vector<unsigned char> out(1 << 16);
  int status = Z_OK;
  while (status == Z_OK && length > 0) {
    const std::size_t count = std::min(length, in.size());
    if (!stream.read(reinterpret_cast<char*>(in.data()), static_cast<std::streamsize>(count))) break;
    length -= count;
    inflater.next_in = in.data();
    inflater.avail_in = static_cast<uInt>(count);
    do {
      inflater.next_out = out.data();
      inflater.avail_out = static_cast<uInt>(out.size());
      status = inflate(&inflater, Z_NO_FLUSH);
    } while (status == Z_OK && inflater.avail_out == 0);
    if (status == Z_BUF_ERROR) status = Z_OK;  // needs more input
  }
  inflateEnd(&inflater);
  return status == Z_STREAM_END && length == 0;
}

}  // namespace

std::string mat_problem(const std::filesystem::path& file) {
  std::ifstream stream = espalier::open_file(file);
  std::array<unsigned char, kHeader> header = {};
  const auto fill = [&](auto& bytes) {
    return static_cast<bool>(stream.read(reinterpret_cast<char*>(bytes.data()), std::ssize(bytes)));
  };
  if (!fill(header) || header[124] != 0 || header[125] != 1 || header[126] != 'I' || header[127] != 'M') {
    return "the file is not a MATLAB 5 file";
  }
  std::size_t rest = static_cast<std::size_t>(std::filesystem::file_size(file)) - kHeader;
  while (rest > 0) {
    std::array<unsigned char, kTag> tag = {};
    if (rest < kTag || !fill(tag)) return "the file is cut short";
    const std::uint32_t type = little_endian(tag.data());
    const std::uint32_t length = little_endian(&tag[4]);
    rest -= kTag;
    if (length > rest) return "the file is cut short or damaged";
    if (type != kCompressed) {
      stream.seekg(length, std::ios::cur);
    } else if (!inflates(stream, length)) {
      return "the file is damaged: its compressed data does not match its checksum";
    }
    rest -= length;
  }
  return "";
}
