#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "formats.h"

namespace {

std::size_t big_endian(const std::uint8_t* bytes) {
  return std::size_t{bytes[0]} << 24U | std::size_t{bytes[1]} << 16U | std::size_t{bytes[2]} << 8U | bytes[3];
}

/// Of the chunk eXIf. It may stand behind the pixels, where libpng has not looked: lengths are checked here.
int orientation_of(const Bytes& bytes) {
  constexpr std::size_t kSignature = 8;
  constexpr std::size_t kHead = 8;  // length, type
  constexpr std::size_t kChecksum = 4;
  constexpr std::string_view kType = "eXIf";
  for (std::size_t at = kSignature; at + kHead + kChecksum <= bytes.size();) {
    const std::size_t length = big_endian(&bytes[at]);
    if (length > bytes.size() - at - kHead - kChecksum) return 1;
    const auto data = bytes.begin() + static_cast<std::ptrdiff_t>(at + kHead);
    if (std::equal(kType.begin(), kType.end(), data - static_cast<std::ptrdiff_t>(kType.size()))) {
      Bytes exif = {'E', 'x', 'i', 'f', 0, 0};
      exif.insert(exif.end(), data, data + static_cast<std::ptrdiff_t>(length));
      return exif_orientation(exif.data(), exif.size());
    }
    at += kHead + length + kChecksum;
  }
  return 1;
}

}  // namespace

Picture decode_png(const std::filesystem::path& file, const Bytes& bytes) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, decltype(&png_image_free)> cleaner(&image, png_image_free);
  // libpng stops after the last row, so it would accept a file without its end.
  constexpr std::string_view kEnd = "IEND\xae\x42\x60\x82";
  const bool complete = std::search(bytes.begin(), bytes.end(), kEnd.begin(), kEnd.end(), [](auto a, auto b) {
                          return a == static_cast<std::uint8_t>(b);
                        }) != bytes.end();
  if (!complete) refuse_image(file, "the PNG is cut short");
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
