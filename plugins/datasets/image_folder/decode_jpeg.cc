#include <fmt/format.h>
#include <turbojpeg.h>

#include <memory>
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
  return turned(std::move(picture), exif_orientation(bytes.data(), bytes.size()));
}
