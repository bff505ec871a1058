#include <fmt/format.h>
#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "espalier/errors/errors.h"
#include "files.h"
#include "picture.h"

namespace fs = std::filesystem;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// More than any camera has; a small file that claims more would only use up the memory.
constexpr std::size_t kMostPixels = 200'000'000;

[[noreturn]] void refuse_image(const fs::path& file, const std::string& what) {
  throw espalier::Error({.what = what,
                         .where = file.string(),
                         .expected = "a whole PNG or JPEG image",
                         .remedy = "replace the file with an undamaged copy, or remove it"});
}

Picture sized(const fs::path& file, std::size_t width, std::size_t height) {
  if (width * height > kMostPixels)
    refuse_image(file, fmt::format("the image is too large: {}×{}", width, height));
  return {.width = width, .height = height, .pixels = Bytes(width * height * 3)};
}

Picture decode_png(const fs::path& file, const Bytes& bytes) {
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
  Picture picture = sized(file, image.width, image.height);
  image.format = PNG_FORMAT_RGB;
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // unless the file says otherwise, as for 8 bits
  const png_color white = {255, 255, 255};
  if (png_image_finish_read(&image, &white, picture.pixels.data(), 0, nullptr) == 0) {
    refuse_image(file, fmt::format("the PNG is damaged: {}", image.message));
  }
  return picture;
}

Picture decode_jpeg(const fs::path& file, const Bytes& bytes) {
  const std::unique_ptr<std::remove_pointer_t<tjhandle>, decltype(&tjDestroy)> decoder(tjInitDecompress(),
                                                                                       tjDestroy);
  const auto check = [&](int status) {
    if (status != 0)
      refuse_image(file, fmt::format("the JPEG is damaged: {}", tjGetErrorStr2(decoder.get())));
  };
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colors = 0;
  check(
      tjDecompressHeader3(decoder.get(), bytes.data(), bytes.size(), &width, &height, &subsampling, &colors));
  if (colors == TJCS_CMYK || colors == TJCS_YCCK)
    refuse_image(file, "the JPEG is for print: its colors are CMYK");
  Picture picture = sized(file, static_cast<std::size_t>(width), static_cast<std::size_t>(height));
  // The library only warns of a JPEG that is cut short, and would fill the rest of the image with gray.
  check(tjDecompress2(decoder.get(), bytes.data(), bytes.size(), picture.pixels.data(), width, 0, height,
                      TJPF_RGB, TJFLAG_STOPONWARNING | TJFLAG_ACCURATEDCT));
  return picture;
}

bool starts_with(const Bytes& bytes, std::string_view signature) {
  return bytes.size() >= signature.size() &&
         std::equal(signature.begin(), signature.end(), bytes.begin(),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

}  // namespace

Picture decode(const fs::path& file) {
  const Bytes bytes = read_bytes(file);
  if (bytes.empty()) refuse_image(file, "the image file is empty");
  if (starts_with(bytes, "\x89PNG\r\n\x1a\n")) return decode_png(file, bytes);
  if (starts_with(bytes, "\xff\xd8\xff")) return decode_jpeg(file, bytes);
  refuse_image(file, "the content of the file is neither PNG nor JPEG");
}
