#include <fmt/format.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <type_traits>

#include "formats.h"

namespace {

/// The product of two shares of 255, rounded.
unsigned share(unsigned a, unsigned b) {
  const unsigned product = a * b + 128;
  return ((product >> 8U) + product) >> 8U;
}

/// The inks of JPEG files stand inverted: 255 is none.
Picture from_inks(Picture picture, const Bytes& inks) {
  for (std::size_t pixel = 0; pixel < picture.width * picture.height; ++pixel) {
    const unsigned black = inks[pixel * 4 + 3];
    for (std::size_t color = 0; color < 3; ++color)
      picture.pixels[pixel * 3 + color] =
          static_cast<std::uint8_t>(black - share(255U - inks[pixel * 4 + color], black));
  }
  return picture;
}

/// Where a JPEG holds EXIF data, behind a comment or any other segment; empty where it holds none. Each
/// segment is FF, its marker, and a length of two bytes that counts itself.
std::span<const std::uint8_t> exif_segment(std::span<const std::uint8_t> jpeg) {
  constexpr std::uint8_t app1 = 0xe1;
  constexpr std::uint8_t start_of_scan = 0xda;
  constexpr std::array<std::uint8_t, 6> name = {'E', 'x', 'i', 'f', 0, 0};
  for (std::size_t at = 2; at + 4 <= jpeg.size() && jpeg[at] == 0xff && jpeg[at + 1] != start_of_scan;) {
    if (jpeg[at + 1] == 0xff) {  // a byte that only fills
      ++at;
      continue;
    }
    const std::size_t length = jpeg[at + 2] * 256U + jpeg[at + 3];
    if (length < 2 || at + 2 + length > jpeg.size()) break;
    const std::span content = jpeg.subspan(at + 4, length - 2);
    const bool is_exif =
        content.size() > name.size() && std::equal(name.begin(), name.end(), content.begin());
    if (jpeg[at + 1] == app1 && is_exif) return content;
    at += 2 + length;
  }
  return {};
}

}  // namespace

Picture decode_jpeg(const std::filesystem::path& file, const Bytes& bytes) {
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
  Picture picture = blank(file, static_cast<std::size_t>(width), static_cast<std::size_t>(height));
  // The library only warns of a JPEG that is cut short, and would fill the rest of the image with gray.
  const auto decompress = [&](std::uint8_t* to, int format) {
    check(tjDecompress2(decoder.get(), bytes.data(), bytes.size(), to, width, 0, height, format,
                        TJFLAG_STOPONWARNING | TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS));
  };
  if (colors == TJCS_CMYK || colors == TJCS_YCCK) {
    Bytes inks(picture.width * picture.height * 4);
    decompress(inks.data(), TJPF_CMYK);
    picture = from_inks(std::move(picture), inks);
  } else {
    decompress(picture.pixels.data(), TJPF_RGB);
  }
  const std::span exif = exif_segment(bytes);
  return turned(std::move(picture), exif_orientation(exif.data(), exif.size()));
}
