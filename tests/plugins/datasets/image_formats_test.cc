#include <gif_lib.h>
#include <tiffio.h>
#include <webp/encode.h>
#include <webp/mux.h>
#include <zlib.h>

#include "plugins/datasets/image_folder_fixture.h"

// Each format: the pixels that PIL's users expect, and nothing of a file that is cut short.
namespace espalier::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Two rows of red, green / blue, white.
const Bytes kColors = {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255};
/// The same, channel by channel, as a dataset gives them.
const Bytes kPlanes = {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255};

class ImageFormatsTest : public ImageFolderTest {
 protected:
  void expect_refused_when_cut(const std::string& name, std::size_t from = 0) {
    const std::string whole = read_bytes(file(name));
    for (std::size_t size = from; size < whole.size(); ++size) {
      write(name, whole.substr(0, size));
      EXPECT_FALSE(refusal("image_folder", name).what.empty()) << size;
    }
    write(name, whole);
  }
  /// Any byte may be wrong: the file is read or refused, and nothing worse.
  void expect_no_crash_when_damaged(const std::string& name) {
    const std::string whole = read_bytes(file(name));
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const char value : {'\0', '\x7f', '\xff'}) {
        std::string damaged = whole;
        damaged[at] = value;
        write(name, damaged);
        try {
          load("image_folder");
        } catch (const Error& error) {
          EXPECT_THAT(error.what(), HasSubstr(file(name).string())) << at;
        }
      }
    }
    write(name, whole);
  }

  void write_webp(const std::string& name, const Bytes& rgba, int width, int height,
                  int orientation = 1) const {
    std::uint8_t* data = nullptr;
    const std::size_t size = WebPEncodeLosslessRGBA(rgba.data(), width, height, width * 4, &data);
    WebPMux* mux = WebPMuxNew();
    const WebPData image = {.bytes = data, .size = size};
    EXPECT_EQ(WebPMuxSetImage(mux, &image, 1), WEBP_MUX_OK);
    const std::string tags = exif(orientation);
    const WebPData chunk = {.bytes = reinterpret_cast<const std::uint8_t*>(tags.data()), .size = tags.size()};
    if (orientation > 1) {
      EXPECT_EQ(WebPMuxSetChunk(mux, "EXIF", &chunk, 1), WEBP_MUX_OK);
    }
    WebPData whole = {};
    EXPECT_EQ(WebPMuxAssemble(mux, &whole), WEBP_MUX_OK);
    write_bytes(made(name), std::string(whole.bytes, whole.bytes + whole.size));
    WebPDataClear(&whole);
    WebPMuxDelete(mux);
    WebPFree(data);
  }

  /// Frames of palette indices, the first at (left, 0).
  void write_gif(const std::string& name, int width, int height, const std::vector<Bytes>& frames,
                 int transparent = NO_TRANSPARENT_COLOR, int left = 0) const {
    const GifColorType palette[] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {9, 9, 9}};
    GifFileType* gif = EGifOpenFileName(made(name).c_str(), false, nullptr);
    ASSERT_NE(gif, nullptr);
    EGifSetGifVersion(gif, true);
    ColorMapObject* map = GifMakeMapObject(4, palette);
    EXPECT_EQ(EGifPutScreenDesc(gif, width, height, 2, 0, map), GIF_OK);
    for (const Bytes& frame : frames) {
      const GraphicsControlBlock control = {
          .DisposalMode = 0, .UserInputFlag = false, .DelayTime = 1, .TransparentColor = transparent};
      GifByteType block[4];
      EGifGCBToExtension(&control, block);
      EXPECT_EQ(EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, sizeof block, block), GIF_OK);
      const int columns = width - left;
      EXPECT_EQ(EGifPutImageDesc(gif, left, 0, columns, height, false, nullptr), GIF_OK);
      for (int row = 0; row < height; ++row)
        EXPECT_EQ(EGifPutLine(gif, const_cast<GifByteType*>(&frame[static_cast<std::size_t>(row * columns)]),
                              columns),
                  GIF_OK);
    }
    GifFreeMapObject(map);
    EXPECT_EQ(EGifCloseFile(gif, nullptr), GIF_OK);
  }

  void write_tiff(const std::string& name, std::uint32_t width, std::uint32_t height, const Bytes& pixels,
                  int orientation = ORIENTATION_TOPLEFT, int compression = COMPRESSION_NONE) const {
    TIFF* tiff = TIFFOpen(made(name).c_str(), "w");
    ASSERT_NE(tiff, nullptr);
    const auto channels = static_cast<int>(pixels.size() / (width * height));
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, channels);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, channels == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, orientation);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
    if (channels == 4) {
      const std::uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
      TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    }
    const std::size_t row = pixels.size() / height;
    for (std::uint32_t y = 0; y < height; ++y)
      EXPECT_EQ(TIFFWriteScanline(tiff, const_cast<std::uint8_t*>(&pixels[y * row]), y, 0), 1);
    TIFFClose(tiff);
  }
};

/// What a picture of 3×2 becomes when it is turned, as an independent table says: for each orientation the
/// pixels of the seen picture, by their places 0 to 5 in the stored one.
struct Turn {
  int orientation;
  std::size_t width;
  std::vector<std::size_t> pixels;
};
const std::vector<Turn> kTurns = {{1, 3, {0, 1, 2, 3, 4, 5}}, {2, 3, {2, 1, 0, 5, 4, 3}},
                                  {3, 3, {5, 4, 3, 2, 1, 0}}, {4, 3, {3, 4, 5, 0, 1, 2}},
                                  {5, 2, {0, 3, 1, 4, 2, 5}}, {6, 2, {3, 0, 4, 1, 5, 2}},
                                  {7, 2, {5, 2, 4, 1, 3, 0}}, {8, 2, {2, 5, 1, 4, 0, 3}}};

/// A picture of 3×2 blocks of 16×16 pixels of one gray each: 0, 40, …, 200.
Bytes blocks() {
  Bytes pixels;
  for (std::size_t y = 0; y < 32; ++y)
    for (std::size_t x = 0; x < 48; ++x)
      pixels.insert(pixels.end(), 3, static_cast<std::uint8_t>((y / 16 * 3 + x / 16) * 40));
  return pixels;
}

/// The middle square of blocks(), turned, shows these grays at its corners.
void expect_turned(const Bytes& square, const Turn& turn) {
  // The square is 32×32: the two blocks of the shorter side, and one and two halves of the longer.
  const std::size_t height = 6 / turn.width;
  const std::size_t left = turn.width * 8 - 16;
  const std::size_t top = height * 8 - 16;
  for (const std::size_t y : {4U, 28U})
    for (const std::size_t x : {4U, 28U}) {
      const std::size_t block = (top + y) / 16 * turn.width + (left + x) / 16;
      EXPECT_NEAR(square[y * 32 + x], turn.pixels[block] * 40.0, 3.0)
          << turn.orientation << ": " << x << ", " << y;
    }
}

TEST_F(ImageFormatsTest, JpegIsTurnedAsTheCameraWasHeld) {
  for (const Turn& turn : kTurns) {
    write_turned_jpeg("train/a/1.jpg", 48, 32, blocks(), turn.orientation);
    expect_turned(only_image(", image_size: 32"), turn);
  }
  write_turned_jpeg("train/a/1.jpg", 48, 32, blocks(), 99);
  expect_turned(only_image(", image_size: 32"), kTurns.front());
}

TEST_F(ImageFormatsTest, JpegIsTurnedAlsoBehindAComment) {
  write_turned_jpeg("train/a/1.jpg", 48, 32, blocks(), 6);
  std::string commented = read_bytes(file("train/a/1.jpg"));
  const std::string comment("\xff\xff\xfe\x00\x0aPaint Sh", 13);
  commented.insert(2, comment);
  const Bytes turned = only_image();
  write("train/a/1.jpg", commented);
  EXPECT_EQ(only_image(), turned);
}

TEST_F(ImageFormatsTest, DamagedExifDataIsNoError) {
  std::vector<Bytes> known;
  for (const Turn& turn : kTurns) {
    write_turned_jpeg("train/a/1.jpg", 48, 32, blocks(), turn.orientation);
    known.push_back(only_image());
  }
  write_turned_jpeg("train/a/1.jpg", 48, 32, blocks(), 6);
  const std::string whole = read_bytes(file("train/a/1.jpg"));
  for (std::size_t at = 6; at < 38; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(~damaged[at]);
    write("train/a/1.jpg", damaged);
    EXPECT_THAT(known, ::testing::Contains(only_image())) << at;
  }
}

TEST_F(ImageFormatsTest, TiffIsTurnedAsItsTagSays) {
  for (const Turn& turn : kTurns) {
    write_tiff("train/a/1.tif", 48, 32, blocks(), turn.orientation);
    expect_turned(only_image(", image_size: 32"), turn);
  }
}

TEST_F(ImageFormatsTest, WebpIsTurnedAsItsExifDataSays) {
  Bytes rgba;
  const Bytes rgb = blocks();
  for (std::size_t i = 0; i < rgb.size(); i += 3)
    rgba.insert(rgba.end(), {rgb[i], rgb[i + 1], rgb[i + 2], 255});
  for (const Turn& turn : kTurns) {
    write_webp("train/a/1.webp", rgba, 48, 32, turn.orientation);
    expect_turned(only_image(", image_size: 32"), turn);
  }
}

TEST_F(ImageFormatsTest, CmykJpegHasTheColorsThatPilGives) {
  // As Photoshop writes them, inverted: 255 is no ink.
  Bytes inks;
  for (int i = 0; i < 64; ++i) inks.insert(inks.end(), {255, 100, 50, 200});
  write_jpeg("train/a/1.jpg", 8, 8, inks, TJPF_CMYK);
  const Bytes found = only_image(", image_size: 8");
  // c·k / 255: 200, 78, 39.
  EXPECT_NEAR(found[0], 200, 3);
  EXPECT_NEAR(found[64], 78, 3);
  EXPECT_NEAR(found[128], 39, 3);
}

TEST_F(ImageFormatsTest, ReadsWebp) {
  write_webp("train/a/1.webp", {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255}, 2, 2);
  EXPECT_EQ(only_image(", image_size: 2"), kPlanes);
  expect_refused_when_cut("train/a/1.webp");
  write_webp("train/a/1.webp", {0, 100, 255, 128}, 1, 1);
  EXPECT_THAT(only_image(", image_size: 1"), ElementsAre(127, 177, 255));
  write_webp("train/a/1.webp", {0, 100, 255, 0}, 1, 1);
  EXPECT_THAT(only_image(", image_size: 1"), Each(255));
  expect_no_crash_when_damaged("train/a/1.webp");
}

TEST_F(ImageFormatsTest, ReadsTheFirstFrameOfAGif) {
  write_gif("train/a/1.gif", 2, 2, {{0, 1, 2, 3}, {3, 3, 3, 3}});
  EXPECT_THAT(only_image(", image_size: 2"), ElementsAre(255, 0, 0, 9, 0, 255, 0, 9, 0, 0, 255, 9));
  expect_refused_when_cut("train/a/1.gif");
  expect_no_crash_when_damaged("train/a/1.gif");
}

TEST_F(ImageFormatsTest, WhatAGifLeavesOpenIsWhite) {
  write_gif("train/a/1.gif", 2, 2, {{0, 1, 2, 3}}, /*transparent=*/3);
  EXPECT_EQ(only_image(", image_size: 2"), kPlanes);
  write_gif("train/a/1.gif", 2, 2, {{0, 2}}, NO_TRANSPARENT_COLOR, /*left=*/1);
  EXPECT_THAT(only_image(", image_size: 2"), ElementsAre(255, 255, 255, 0, 255, 0, 255, 0, 255, 0, 255, 255));
}

TEST_F(ImageFormatsTest, ReadsTiff) {
  write_tiff("train/a/1.tiff", 2, 2, kColors);
  EXPECT_EQ(only_image(", image_size: 2"), kPlanes);
  expect_no_crash_when_damaged("train/a/1.tiff");
  write_tiff("train/a/1.tiff", 2, 2, kColors, ORIENTATION_TOPLEFT, COMPRESSION_LZW);
  EXPECT_EQ(only_image(", image_size: 2"), kPlanes);
  expect_refused_when_cut("train/a/1.tiff");
  expect_no_crash_when_damaged("train/a/1.tiff");
  write_tiff("train/a/1.tiff", 1, 1, {90});
  EXPECT_THAT(only_image(", image_size: 1"), Each(90));
  write_tiff("train/a/1.tiff", 1, 1, {0, 100, 255, 128});
  EXPECT_THAT(only_image(", image_size: 1"), ElementsAre(127, 177, 255));
}

std::string little_endian(std::size_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// `height` below 0: the rows from the top.
std::string bmp(int width, int height, std::size_t bits, const std::string& palette,
                const std::string& rows) {
  const std::string info = little_endian(40, 4) + little_endian(static_cast<unsigned>(width), 4) +
                           little_endian(static_cast<unsigned>(height), 4) + little_endian(1, 2) +
                           little_endian(bits, 2) + std::string(16, '\0') +
                           little_endian(palette.size() / 4, 4) + std::string(4, '\0') + palette;
  return "BM" + little_endian(14 + info.size() + rows.size(), 4) + std::string(4, '\0') +
         little_endian(14 + info.size(), 4) + info + rows;
}

TEST_F(ImageFormatsTest, ReadsBmp) {
  const std::string top("\0\0\xff\0\xff\0\0\0", 8);         // red, green, and a rest of the row
  const std::string bottom("\xff\0\0\xff\xff\xff\0\0", 8);  // blue, white
  write_bytes(made("train/a/1.bmp"), bmp(2, 2, 24, "", bottom + top));
  EXPECT_EQ(only_image(", image_size: 2"), kPlanes);
  expect_refused_when_cut("train/a/1.bmp");
  expect_no_crash_when_damaged("train/a/1.bmp");
  write("train/a/1.bmp", bmp(2, -2, 24, "", top + bottom));
  EXPECT_EQ(only_image(", image_size: 2"), kPlanes);
  write("train/a/1.bmp", bmp(1, 1, 32, "", std::string("\x1e\x14\x0a\0", 4)));
  EXPECT_THAT(only_image(", image_size: 1"), ElementsAre(10, 20, 30));

  const std::string palette("\0\0\xff\0\0\xff\0\0\xff\0\0\0\xff\xff\xff\0", 16);
  write("train/a/1.bmp", bmp(2, 2, 8, palette, std::string("\2\3\0\0\0\1\0\0", 8)));
  EXPECT_EQ(only_image(", image_size: 2"), kPlanes);
  write("train/a/1.bmp", bmp(2, 2, 4, palette, std::string("\x23\0\0\0\x01\0\0\0", 8)));
  EXPECT_EQ(only_image(", image_size: 2"), kPlanes);
  write("train/a/1.bmp", bmp(2, 1, 1, palette.substr(0, 8), std::string("\x40\0\0\0", 4)));
  EXPECT_THAT(only_image(", image_size: 1"), Each(::testing::Lt(129)));
  write("train/a/1.bmp", bmp(2, 2, 16, "", std::string(8, '\0')));
  EXPECT_THAT(refusal("image_folder", "train/a/1.bmp").what, HasSubstr("this kind of BMP is not supported"));
  write("train/a/1.bmp", bmp(60000, 60000, 24, "", std::string(8, '\0')));
  EXPECT_THAT(refusal("image_folder", "train/a/1.bmp").what, HasSubstr("too large: 60000×60000"));
}

TEST_F(ImageFormatsTest, APngIsTurnedAsItsExifDataSays) {
  write_png("train/a/1.png", 48, 32, PNG_FORMAT_RGB, blocks());
  std::string png = read_bytes(file("train/a/1.png"));
  std::string chunk = "eXIf" + exif(6).substr(6);
  const auto sum =
      crc32(0, reinterpret_cast<const unsigned char*>(chunk.data()), static_cast<unsigned>(chunk.size()));
  for (int shift = 24; shift >= 0; shift -= 8) chunk += static_cast<char>(sum >> shift);
  png.insert(33, std::string("\0\0\0\x1a", 4) + chunk);
  write("train/a/1.png", png);
  expect_turned(only_image(", image_size: 32"), kTurns[5]);
}

}  // namespace
}  // namespace espalier::testing
