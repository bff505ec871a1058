#include <png.h>
#include <turbojpeg.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "plugins/datasets/dataset_fixture.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

class ImageFolderTest : public testing::DatasetTest {
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
    testing::write_bytes(made(name), std::string(data, data + size));
    tjFree(data);
    tjDestroy(encoder);
  }
  /// A whole image of one color.
  void write_plain(const std::string& name, std::uint8_t value) const {
    write_png(name, 2, 2, PNG_FORMAT_GRAY, Bytes(4, value));
  }
  Bytes only_image(const std::string& more = "") {
    const Images images = load("image_folder", Split::train, more);
    EXPECT_EQ(images.size(), 1U);
    const auto pixels = images.image(0);
    return {pixels.begin(), pixels.end()};
  }
};

Bytes noise(std::size_t length) {
  Bytes bytes;
  for (const char byte : testing::pattern(length, 3)) bytes.push_back(static_cast<std::uint8_t>(byte));
  return bytes;
}

TEST_F(ImageFolderTest, ClassesAreTheFoldersByName) {
  for (const char* name :
       {"train/zebra/1.png", "train/ant/2.PNG", "train/ant/10.png", "test/ant/x.png", "test/zebra/y.png"}) {
    write_plain(name, static_cast<std::uint8_t>(name[std::strlen(name) - 5]));
  }
  testing::write_bytes(file("train/.DS_Store"), "x");
  testing::write_bytes(file("train/ant/.hidden"), "x");
  EXPECT_EQ(dataset("image_folder")->classes(), 2U);
  const Images train = load("image_folder", Split::train, ", image_size: 1");
  EXPECT_THAT(train.labels, ElementsAre(0, 0, 1));
  EXPECT_THAT(train.pixels, ElementsAre('0', '0', '0', '2', '2', '2', '1', '1', '1'));
  EXPECT_THAT(load("image_folder", Split::test, ", image_size: 1").labels, ElementsAre(0, 1));
}

TEST_F(ImageFolderTest, KeepsThePixelsOfAnImageOfTheRightSize) {
  write_png("train/a/1.png", 4, 4, PNG_FORMAT_RGB, noise(48));
  const Bytes found = only_image(", image_size: 4");
  for (std::size_t i = 0; i < 48; ++i) EXPECT_EQ(found[i], noise(48)[i % 16 * 3 + i / 16]);
}

TEST_F(ImageFolderTest, ReadsJpeg) {
  Bytes colors;
  for (int i = 0; i < 64; ++i) colors.insert(colors.end(), {200, 100, 50});
  write_jpeg("train/a/1.jpg", 8, 8, colors);
  Bytes found = only_image(", image_size: 8");
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], colors[i / 64], 2);

  fs::remove(file("train/a/1.jpg"));
  write_jpeg("train/a/1.jpeg", 8, 8, Bytes(64, 77), TJPF_GRAY, TJSAMP_GRAY, TJFLAG_PROGRESSIVE);
  for (const std::uint8_t value : only_image(", image_size: 8")) EXPECT_NEAR(value, 77, 1);
}

TEST_F(ImageFolderTest, MakesEveryKindOfPngRgb) {
  write_png("train/a/1.png", 1, 1, PNG_FORMAT_GRAY, {90});
  EXPECT_THAT(only_image(", image_size: 1"), ElementsAre(90, 90, 90));
  write_png("train/a/1.png", 1, 1, PNG_FORMAT_RGB_COLORMAP, {1}, {1, 2, 3, 40, 50, 60});
  EXPECT_THAT(only_image(", image_size: 1"), ElementsAre(40, 50, 60));
  write_png("train/a/1.png", 1, 1, PNG_FORMAT_RGBA, {10, 20, 30, 255});
  EXPECT_THAT(only_image(", image_size: 1"), ElementsAre(10, 20, 30));
  write_png("train/a/1.png", 1, 1, PNG_FORMAT_RGBA, {10, 20, 30, 0});
  EXPECT_THAT(only_image(", image_size: 1"), ElementsAre(255, 255, 255));
}

TEST_F(ImageFolderTest, GoesByTheContentNotByTheName) {
  write_png("train/a/1.jpg", 1, 1, PNG_FORMAT_GRAY, {90});
  EXPECT_THAT(only_image(", image_size: 1"), Each(90));
}

TEST_F(ImageFolderTest, CutsTheMiddleOutAndScales) {
  // Black, four columns of white in the middle, black: the middle square is white alone.
  Bytes stripes;
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 12; ++column) stripes.push_back(column >= 4 && column < 8 ? 255 : 0);
  }
  write_png("train/a/wide.png", 12, 4, PNG_FORMAT_GRAY, stripes);
  EXPECT_THAT(only_image(", image_size: 4"), Each(255));
  fs::remove(file("train/a/wide.png"));

  // Shrunk, a pixel is the mean of what it covers; enlarged, a ramp stays one.
  Bytes board;
  for (int i = 0; i < 64 * 64; ++i) board.push_back((i + i / 64) % 2 == 0 ? 0 : 200);
  write_png("train/a/board.png", 64, 64, PNG_FORMAT_GRAY, board);
  for (const std::uint8_t value : only_image(", image_size: 8")) EXPECT_NEAR(value, 100, 2);
  fs::remove(file("train/a/board.png"));

  write_png("train/a/ramp.png", 2, 2, PNG_FORMAT_GRAY, {0, 200, 0, 200});
  const Bytes ramp = only_image(", image_size: 4");
  EXPECT_THAT(Bytes(ramp.begin(), ramp.begin() + 4), ElementsAre(0, 50, 150, 200));
}

TEST_F(ImageFolderTest, RefusesEveryImageThatIsCutShort) {
  write_png("train/a/1.png", 16, 16, PNG_FORMAT_RGB, noise(768));
  write_jpeg("train/a/2.jpg", 16, 16, noise(768));
  write_jpeg("train/a/3.jpg", 16, 16, noise(768), TJPF_RGB, TJSAMP_420, TJFLAG_PROGRESSIVE);
  EXPECT_EQ(load("image_folder").size(), 3U);
  for (const std::string name : {"train/a/1.png", "train/a/2.jpg", "train/a/3.jpg"}) {
    const std::string sound = testing::read_bytes(file(name));
    for (std::size_t size = 0; size < sound.size(); ++size) {
      write(name, sound.substr(0, size));
      EXPECT_FALSE(refusal("image_folder", name).what.empty()) << size;
    }
    write(name, sound);
  }
}

TEST_F(ImageFolderTest, RefusesDamagedAndForeignFiles) {
  write_png("train/a/1.png", 16, 16, PNG_FORMAT_RGB, noise(768));
  std::string damaged = testing::read_bytes(file("train/a/1.png"));
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  write("train/a/1.png", damaged);
  EXPECT_THAT(refusal("image_folder", "train/a/1.png").what, HasSubstr("damaged"));
  write("train/a/1.png", "GIF89a and so on");
  EXPECT_THAT(refusal("image_folder", "train/a/1.png").what, HasSubstr("neither PNG nor JPEG"));
  write("train/a/1.png", "");
  EXPECT_THAT(refusal("image_folder", "train/a/1.png").what, HasSubstr("empty"));
  fs::create_directories(file("train/a/0.png"));
  EXPECT_THAT(refusal("image_folder", "train/a/0.png").what, HasSubstr("it is a folder"));
  fs::remove(file("train/a/0.png"));
  fs::rename(file("train/a/1.png"), file("train/a/1.gif"));
  EXPECT_THAT(refusal("image_folder", "train/a/1.gif").what, HasSubstr("not that of a PNG or JPEG"));
}

TEST_F(ImageFolderTest, RefusesAnImageThatClaimsToBeHuge) {
  write_png("train/a/1.png", 16, 16, PNG_FORMAT_GRAY, noise(256));
  std::string huge = testing::read_bytes(file("train/a/1.png"));
  // Width and height of the header chunk, and its checksum with them.
  huge.replace(16, 8, std::string("\x00\x0f\x00\x00\x00\x0f\x00\x00", 8));
  const auto sum = crc32(0, reinterpret_cast<const unsigned char*>(&huge[12]), 17);
  for (std::size_t i = 0; i < 4; ++i) huge[29 + i] = static_cast<char>(sum >> (24 - 8 * i));
  write("train/a/1.png", huge);
  EXPECT_THAT(refusal("image_folder", "train/a/1.png").what, HasSubstr("too large"));
}

TEST_F(ImageFolderTest, RefusesFoldersOfAnotherLayout) {
  EXPECT_THAT(refusal("image_folder", "train").expected, HasSubstr("train/CLASS"));
  fs::create_directories(file("train"));
  EXPECT_THAT(refusal("image_folder", "train").what, HasSubstr("empty"));
  fs::create_directories(file("train/a"));
  EXPECT_THAT(refusal("image_folder", "train/a").what, HasSubstr("no images"));
  write_plain("train/1.png", 0);
  EXPECT_THAT(refusal("image_folder", "train/1.png").what, HasSubstr("one for each class"));
  EXPECT_THROW(host_.dataset("image_folder")->read(Split::train), UsageError);
  EXPECT_THROW(host_.dataset("image_folder")->classes(), UsageError);
}

TEST_F(ImageFolderTest, RefusesATestFolderOfOtherClasses) {
  for (const char* name : {"train/a/1.png", "train/b/1.png", "test/a/1.png", "test/c/1.png"})
    write_plain(name, 1);
  const ErrorDetails error = refusal("image_folder", "test", Split::test);
  EXPECT_THAT(error.what, HasSubstr("a, c"));
  EXPECT_THAT(error.expected, HasSubstr("a, b"));
}

TEST_F(ImageFolderTest, HoldsOutAShareWhereThereIsNoTestFolder) {
  for (int i = 0; i < 20; ++i) {
    write_plain("train/a/" + std::to_string(i) + ".png", static_cast<std::uint8_t>(i));
    if (i < 10) write_plain("train/b/" + std::to_string(i) + ".png", static_cast<std::uint8_t>(100 + i));
  }
  EXPECT_THAT(refusal("image_folder", "test", Split::test).remedy, HasSubstr("test_share"));
  EXPECT_EQ(load("image_folder").size(), 30U);

  const std::string options = ", image_size: 1, test_share: 0.3";
  const Images train = load("image_folder", Split::train, options);
  const Images test = load("image_folder", Split::test, options);
  EXPECT_EQ(std::count(test.labels.begin(), test.labels.end(), 0), 6);
  EXPECT_EQ(std::count(test.labels.begin(), test.labels.end(), 1), 3);
  EXPECT_EQ(test.pixels, load("image_folder", Split::test, options).pixels);
  std::vector<int> all;
  for (std::size_t i = 0; i < train.pixels.size(); i += 3) all.push_back(train.pixels[i]);
  for (std::size_t i = 0; i < test.pixels.size(); i += 3) all.push_back(test.pixels[i]);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(all.size(), 30U);
  EXPECT_EQ(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace
}  // namespace espalier
