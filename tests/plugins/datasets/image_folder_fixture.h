#pragma once

#include <png.h>
#include <turbojpeg.h>

#include <filesystem>
#include <string>
#include <vector>

#include "plugins/datasets/dataset_fixture.h"

namespace espalier::testing {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

/// A folder of images that the test draws.
class ImageFolderTest : public DatasetTest {
 protected:
  fs::path made(const std::string& name) const {
    fs::create_directories(file(name).parent_path());
    return file(name);
  }
  /// `pixels` in one of libpng's formats, with a palette where the format has one.
  void write_png(const std::string& name, unsigned width, unsigned height, unsigned format,
                 const Bytes& pixels, const Bytes& palette = {}) const {
    png_image image = {};
    image.version = PNG_IMAGE_VERSION;
    image.width = width;
    image.height = height;
    image.format = format;
    image.colormap_entries = static_cast<png_uint_32>(palette.size() / 3);
    ASSERT_NE(png_image_write_to_file(&image, made(name).c_str(), 0, pixels.data(), 0, palette.data()), 0)
        << image.message;
  }
  void write_jpeg(const std::string& name, int width, int height, const Bytes& pixels, int format = TJPF_RGB,
                  int subsampling = TJSAMP_444, int flags = 0) const {
    const tjhandle encoder = tjInitCompress();
    unsigned char* data = nullptr;
    unsigned long size = 0;
    EXPECT_EQ(
        tjCompress2(encoder, pixels.data(), width, 0, height, format, &data, &size, subsampling, 100, flags),
        0);
    write_bytes(made(name), std::string(data, data + size));
    tjFree(data);
    tjDestroy(encoder);
  }
  /// Writes a JPEG as write_jpeg() does, with EXIF data of this orientation.
  void write_turned_jpeg(const std::string& name, int width, int height, const Bytes& pixels,
                         int orientation) const {
    write_jpeg(name, width, height, pixels);
    std::string jpeg = read_bytes(file(name));
    jpeg.insert(2, std::string("\xff\xe1\0\x22", 4) + exif(orientation));
    write_bytes(file(name), jpeg);
  }
  /// EXIF data of one tag, with its mark: 32 bytes.
  static std::string exif(int orientation) {
    std::string data("Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0", 32);
    data[25] = static_cast<char>(orientation);
    return data;
  }
  /// A whole image of one color.
  void write_plain(const std::string& name, std::uint8_t value) const {
    write_png(name, 2, 2, PNG_FORMAT_GRAY, Bytes(4, value));
  }
  /// The only image of the class a, beside one of another class.
  Bytes only_image(const std::string& more = "") {
    write_plain("train/z/1.png", 1);
    const Images images = load("image_folder", Split::train, more);
    EXPECT_EQ(images.size(), 2U);
    const auto pixels = images.image(0);
    return {pixels.begin(), pixels.end()};
  }
};

inline Bytes noise(std::size_t length) {
  Bytes bytes;
  for (const char byte : pattern(length, 3)) bytes.push_back(static_cast<std::uint8_t>(byte));
  return bytes;
}

}  // namespace espalier::testing
