#include <libexif/exif-data.h>

#include <memory>

#include "formats.h"

namespace {

using ExifPointer = std::unique_ptr<ExifData, decltype(&exif_data_unref)>;

}  // namespace

int exif_orientation(const std::uint8_t* exif, std::size_t size) {
  if (size == 0) return 1;
  const ExifPointer data(exif_data_new_from_data(exif, static_cast<unsigned>(size)), exif_data_unref);
  if (!data) return 1;
  const ExifEntry* const entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->components != 1) return 1;
  const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

// The orientation says at which edges the first row and the first column of the data were seen: 1 top left, 2
// top right, 3 bottom right, 4 bottom left; from 5 on the rows of the data are columns, in the same order of
// the pairs left top, right top, right bottom, left bottom.
Picture turned(Picture picture, int orientation) {
  if (orientation <= 1) return picture;
  const bool sideways = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  Picture seen{.width = sideways ? picture.height : picture.width,
               .height = sideways ? picture.width : picture.height,
               .pixels = Bytes(picture.pixels.size())};
  std::uint8_t* to = seen.pixels.data();
  for (std::size_t y = 0; y < seen.height; ++y) {
    for (std::size_t x = 0; x < seen.width; ++x) {
      const std::size_t right = from_right ? seen.width - 1 - x : x;
      const std::size_t down = from_bottom ? seen.height - 1 - y : y;
      const std::size_t row = sideways ? right : down;
      const std::size_t column = sideways ? down : right;
      const std::uint8_t* from = &picture.pixels[(row * picture.width + column) * 3];
      for (std::size_t color = 0; color < 3; ++color) *to++ = from[color];
    }
  }
  return seen;
}
