#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "formats.h"

namespace {

std::size_t big_endian(const std::uint8_t* bytes) {
  return std::size_t{bytes[0]} << 24U | std::size_t{bytes[1]} << 16U | std::size_t{bytes[2]} << 8U | bytes[3];
}

constexpr std::size_t kSignature = 8;
constexpr std::size_t kHead = 8;  // length, type
constexpr std::size_t kChecksum = 4;

/// The data of the first chunk of a type; nothing where there is none before the end of the file, or before a
/// chunk that is longer than the file.
std::optional<std::span<const std::uint8_t>> find_chunk(const Bytes& bytes, std::string_view type) {
  for (std::size_t at = kSignature; at + kHead + kChecksum <= bytes.size();) {
    const std::size_t length = big_endian(&bytes[at]);
    if (length > bytes.size() - at - kHead - kChecksum) return std::nullopt;
    const std::uint8_t* const data = &bytes[at] + kHead;
    if (std::equal(type.begin(), type.end(), data - type.size())) return std::span(data, length);
    at += kHead + length + kChecksum;
  }
  return std::nullopt;
}

/// Of the chunk eXIf, which may stand behind the pixels, where libpng has not looked.
int orientation_of(const Bytes& bytes) {
  const auto data = find_chunk(bytes, "eXIf");
  if (!data) return 1;
  Bytes exif = {'E', 'x', 'i', 'f', 0, 0};
  exif.insert(exif.end(), data->begin(), data->end());
  return exif_orientation(exif.data(), exif.size());
}

}  // namespace

Picture decode_png(const std::filesystem::path& file, const Bytes& bytes) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, decltype(&png_image_free)> cleaner(&image, png_image_free);
  // libpng stops after the last row, so it would accept a file without its end; and it takes as much memory
  // as a chunk says that it is long, up to 2 GB, before it looks whether the file is.
  if (!find_chunk(bytes, "IEND")) refuse_image(file, "the PNG is cut short");
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) {
    refuse_image(file, fmt::format("the PNG is damaged: {}", image.message));
  }
  check_size(file, image.width, image.height);
  image.format = PNG_FORMAT_RGBA;
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // unless the file says otherwise, as for 8 bits
  const std::size_t width = image.width;
  const std::size_t height = image.height;
  Bytes rgba(width * height * 4);
  if (png_image_finish_read(&image, nullptr, rgba.data(), 0, nullptr) == 0) {
    refuse_image(file, fmt::format("the PNG is damaged: {}", image.message));
  }
  return turned(on_white(width, height, rgba.data()), orientation_of(bytes));
}
