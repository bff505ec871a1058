#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "espalier/errors/errors.h"
#include "files.h"
#include "formats.h"

namespace fs = std::filesystem;

namespace {

bool has(const Bytes& bytes, std::string_view signature, std::size_t at = 0) {
  return bytes.size() >= at + signature.size() &&
         std::equal(signature.begin(), signature.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

}  // namespace

void refuse_image(const fs::path& file, const std::string& what) {
  throw espalier::Error({.what = what,
                         .where = file.string(),
                         .expected = "a whole PNG, JPEG, WebP, GIF, TIFF or BMP image",
                         .remedy = "replace the file with an undamaged copy, or remove it"});
}

void check_size(const fs::path& file, std::size_t width, std::size_t height) {
  /// More than any camera has.
  constexpr std::size_t kMostPixels = 160'000'000;
  if (width == 0 || height == 0) refuse_image(file, "the image has no pixels");
  if (width > kMostPixels / height)
    refuse_image(file, fmt::format("the image is too large: {}×{}", width, height));
}

Picture blank(const fs::path& file, std::size_t width, std::size_t height) {
  check_size(file, width, height);
  return {.width = width, .height = height, .pixels = Bytes(width * height * 3)};
}

Picture on_white(std::size_t width, std::size_t height, const std::uint8_t* rgba) {
  constexpr unsigned kWhite = 255;
  Picture picture{.width = width, .height = height, .pixels = Bytes(width * height * 3)};
  for (std::uint8_t* to = picture.pixels.data(); to != picture.pixels.data() + picture.pixels.size();
       rgba += 4) {
    const unsigned alpha = rgba[3];
    for (std::size_t color = 0; color < 3; ++color)
      *to++ =
          static_cast<std::uint8_t>((rgba[color] * alpha + kWhite * (kWhite - alpha) + kWhite / 2) / kWhite);
  }
  return picture;
}

Picture decode(const fs::path& file) {
  const Bytes bytes = read_bytes(file);
  if (bytes.empty()) refuse_image(file, "the image file is empty");
  if (has(bytes, "\x89PNG\r\n\x1a\n")) return decode_png(file, bytes);
  if (has(bytes, "\xff\xd8\xff")) return decode_jpeg(file, bytes);
  if (has(bytes, "RIFF") && has(bytes, "WEBP", 8)) return decode_webp(file, bytes);
  if (has(bytes, "GIF87a") || has(bytes, "GIF89a")) return decode_gif(file, bytes);
  if (has(bytes, {"II*\0", 4}) || has(bytes, {"MM\0*", 4})) return decode_tiff(file, bytes);
  if (has(bytes, "BM")) return decode_bmp(file, bytes);
  refuse_image(file, "the file holds no supported image format; convert it to PNG");
}
