#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "plugins/datasets/image_folder_fixture.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(ImageFolderTest, ClassesAreTheFoldersByName) {
  for (const char* name :
       {"train/zebra/1.png", "train/ant/2.PNG", "train/ant/10.png", "test/ant/x.png", "test/zebra/y.png"}) {
    write_plain(name, static_cast<std::uint8_t>(name[std::strlen(name) - 5]));
  }
  write_bytes(file("train/.DS_Store"), "x");
  write_bytes(file("train/ant/.hidden"), "x");
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
}

TEST_F(ImageFolderTest, LaysTransparentPixelsOnWhite) {
  write_png("train/a/1.png", 1, 1, PNG_FORMAT_RGBA, {10, 20, 30, 0});
  EXPECT_THAT(only_image(", image_size: 1"), ElementsAre(255, 255, 255));
  // Half of a color is half white, as image editors show it: the bytes are mixed, not the light.
  write_png("train/a/1.png", 1, 1, PNG_FORMAT_RGBA, {0, 100, 255, 128});
  EXPECT_THAT(only_image(", image_size: 1"), ElementsAre(127, 177, 255));
}

/// The PNG without the chunk of this type, which it may lack.
std::string without_chunk(std::string png, const std::string& type, std::size_t length) {
  const std::size_t at = png.find(type);
  return at == png.npos ? png : png.erase(at - 4, 12 + length);
}

/// The PNG with a chunk gAMA of this number behind its header.
std::string with_gamma(const std::string& png, unsigned gamma) {
  std::string chunk = "gAMA";
  for (int shift = 24; shift >= 0; shift -= 8) chunk += static_cast<char>(gamma >> shift);
  const auto sum = crc32(0, reinterpret_cast<const unsigned char*>(chunk.data()), 8);
  for (int shift = 24; shift >= 0; shift -= 8) chunk += static_cast<char>(sum >> shift);
  constexpr std::size_t kAfterHeader = 33;
  return png.substr(0, kAfterHeader) + std::string("\0\0\0\4", 4) + chunk + png.substr(kAfterHeader);
}

TEST_F(ImageFolderTest, TurnsAnotherGammaIntoThatOfScreens) {
  write_png("train/a/1.png", 1, 1, PNG_FORMAT_GRAY, {128});
  const std::string png =
      without_chunk(without_chunk(read_bytes(file("train/a/1.png")), "gAMA", 4), "sRGB", 1);
  write("train/a/1.png", png);
  EXPECT_THAT(only_image(", image_size: 1"), Each(128));
  write("train/a/1.png", with_gamma(png, 45455));  // that of screens, 1/2.2
  EXPECT_THAT(only_image(", image_size: 1"), Each(128));
  write("train/a/1.png", with_gamma(png, 100000));  // bytes in proportion to the light
  EXPECT_THAT(only_image(", image_size: 1"), Each(186));
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
  write_plain("train/b/1.png", 1);
  EXPECT_EQ(load("image_folder").size(), 4U);
  for (const std::string name : {"train/a/1.png", "train/a/2.jpg", "train/a/3.jpg"}) {
    const std::string sound = read_bytes(file(name));
    for (std::size_t size = 0; size < sound.size(); ++size) {
      write(name, sound.substr(0, size));
      EXPECT_FALSE(refusal("image_folder", name).what.empty()) << size;
    }
    write(name, sound);
  }
}

TEST_F(ImageFolderTest, RefusesDamagedAndForeignFiles) {
  write_png("train/a/1.png", 16, 16, PNG_FORMAT_RGB, noise(768));
  std::string damaged = read_bytes(file("train/a/1.png"));
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  write("train/a/1.png", damaged);
  write_plain("train/b/1.png", 1);
  EXPECT_THAT(refusal("image_folder", "train/a/1.png").what, HasSubstr("damaged"));
  write("train/a/1.png", "GIF89a and so on");
  EXPECT_THAT(refusal("image_folder", "train/a/1.png").what, HasSubstr("the GIF is damaged"));
  write("train/a/1.png", "no picture");
  EXPECT_THAT(refusal("image_folder", "train/a/1.png").what, HasSubstr("no supported image format"));
  write("train/a/1.png", "");
  EXPECT_THAT(refusal("image_folder", "train/a/1.png").what, HasSubstr("empty"));
  fs::create_directories(file("train/a/0.png"));
  EXPECT_THAT(refusal("image_folder", "train/a/0.png").what, HasSubstr("a folder among the images"));
}

TEST_F(ImageFolderTest, RefusesAnImageThatClaimsToBeHuge) {
  write_png("train/a/1.png", 16, 16, PNG_FORMAT_GRAY, noise(256));
  std::string huge = read_bytes(file("train/a/1.png"));
  // Width and height of the header chunk, and its checksum with them.
  huge.replace(16, 8, std::string("\x00\x0f\x00\x00\x00\x0f\x00\x00", 8));
  const auto sum = crc32(0, reinterpret_cast<const unsigned char*>(&huge[12]), 17);
  for (std::size_t i = 0; i < 4; ++i) huge[29 + i] = static_cast<char>(sum >> (24 - 8 * i));
  write("train/a/1.png", huge);
  write_plain("train/b/1.png", 1);
  EXPECT_THAT(refusal("image_folder", "train/a/1.png").what, HasSubstr("too large"));
}

TEST_F(ImageFolderTest, RefusesFoldersOfAnotherLayout) {
  EXPECT_THAT(refusal("image_folder", "").expected, HasSubstr("FOLDER/train/CLASS"));
  fs::create_directories(file("train"));
  EXPECT_THAT(refusal("image_folder", "train").what, HasSubstr("no classes"));
  write_plain("train/a/1.png", 0);
  EXPECT_THAT(refusal("image_folder", "train").what, HasSubstr("a single class, a"));
  write_plain("train/1.png", 0);
  EXPECT_THAT(refusal("image_folder", "train/1.png").what, HasSubstr("beside the folders of the classes"));
  fs::remove(file("train/1.png"));
  fs::rename(file("train"), file("Train"));
  EXPECT_THAT(refusal("image_folder", "Train").what, HasSubstr("but no train/"));
  EXPECT_THROW(host_.dataset("image_folder")->read(Split::train), UsageError);
  EXPECT_THROW(host_.dataset("image_folder")->classes(), UsageError);
}

TEST_F(ImageFolderTest, NamesTheFolderThatIsNearestToAMissingOne) {
  fs::create_directories(file("flowers"));
  try {
    host_.dataset("image_folder", "{folder: " + file("flower").string() + "}")->classes();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.details().nearest, "flowers");
    EXPECT_THAT(error.details().remedy, ::testing::Not(HasSubstr(file("flower").string())));
  }
}

TEST_F(ImageFolderTest, FindsAnEmptyClassBeforeItCountsTheClasses) {
  write_plain("train/a/1.png", 0);
  write_plain("train/b/1.png", 0);
  fs::create_directories(file("train/c"));
  const auto found = dataset("image_folder");
  for (const auto& call : {std::function<void()>([&] { found->classes(); }),
                           std::function<void()>([&] { found->class_names(); }),
                           std::function<void()>([&] { found->read(Split::train); })}) {
    try {
      call();
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("the class has no images"), HasSubstr("train/c")));
    }
  }
  write("train/c/notes.txt", "x");
  EXPECT_THAT(refusal("image_folder", "train/c").what, HasSubstr("passed over: notes.txt"));
}

TEST_F(ImageFolderTest, PassesOverWhatIsNoImageAndSaysSoOnce) {
  for (const char* name : {"train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/1.png"})
    write_plain(name, 7);
  for (const char* name : {"train/Thumbs.db", "train/a/Thumbs.db", "train/b/desktop.ini", "train/a/._1.png",
                           "train/.DS_Store", "train/b/labels.csv", "test/readme.txt"})
    write(name, "no image");
  write_plain("train/__MACOSX/1.png", 1);
  write_plain("train/a/.ipynb_checkpoints/1.png", 1);
  const Images train = load("image_folder");
  EXPECT_EQ(train.size(), 2U);
  EXPECT_THAT(train.notes,
              ElementsAre("6 files that are not images were passed over: .DS_Store, ._1.png, Thumbs.db (2), "
                          "desktop.ini, labels.csv"));
  EXPECT_THAT(load("image_folder", Split::test).notes,
              ElementsAre("1 file that is not an image was passed over: readme.txt"));
}

TEST_F(ImageFolderTest, NamesAllDamagedImagesAtOnce) {
  for (const char* name : {"train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/1.png"})
    write_plain(name, 7);
  for (const char* name : {"train/a/bad.png", "train/b/worse.jpg", "test/b/bad.gif", "train/b/new.heic"})
    write(name, "no image");
  for (const Split split : {Split::train, Split::test}) {
    const std::string what = refusal("image_folder", "train/a/bad.png", split).what;
    EXPECT_THAT(what, AllOf(HasSubstr("4 images cannot be read"), HasSubstr("train/b/worse.jpg"),
                            HasSubstr("test/b/bad.gif"), HasSubstr("train/b/new.heic")));
  }
  EXPECT_THAT(refusal("image_folder", "train/a/bad.png").remedy, HasSubstr("skip_damaged: true"));

  const Images train = load("image_folder", Split::train, ", skip_damaged: true");
  EXPECT_THAT(train.labels, ElementsAre(0, 1));
  EXPECT_THAT(train.notes.at(0), AllOf(HasSubstr("3 images that cannot be read were passed over"),
                                       HasSubstr("train/a/bad.png"), HasSubstr("train/b/new.heic")));
  EXPECT_EQ(load("image_folder", Split::test, ", skip_damaged: true").size(), 2U);
}

TEST_F(ImageFolderTest, CutsALongListOfDamagedImages) {
  write_plain("train/a/1.png", 7);
  write_plain("train/b/1.png", 7);
  for (int i = 0; i < 25; ++i) write("train/a/bad" + std::to_string(i) + ".png", "no image");
  EXPECT_THAT(refusal("image_folder", "train/a/bad0.png").what,
              AllOf(HasSubstr("25 images"), HasSubstr("and 5 more")));
}

TEST_F(ImageFolderTest, AClassOfNothingButDamagedImagesIsRefused) {
  write_plain("train/a/1.png", 7);
  write_plain("train/b/1.png", 7);
  write("train/b/1.png", "no image");
  const ErrorDetails details = refusal("image_folder", "train/b", Split::train, ", skip_damaged: true");
  EXPECT_THAT(details.what, HasSubstr("no image of the class b can be read"));
}

TEST_F(ImageFolderTest, DividesAFolderOfClassesWithoutTrainAndTest) {
  for (int i = 0; i < 10; ++i)
    for (const char* name : {"a/", "b/"})
      write_plain(name + std::to_string(i) + ".png", static_cast<std::uint8_t>(i));
  EXPECT_THAT(dataset("image_folder")->class_names(), ElementsAre("a", "b"));
  EXPECT_EQ(load("image_folder").size(), 20U);
  EXPECT_THAT(refusal("image_folder", "test", Split::test).remedy, HasSubstr("test_share"));
  const std::string options = ", image_size: 1, test_share: 0.2";
  const Images test = load("image_folder", Split::test, options);
  EXPECT_THAT(test.labels, ElementsAre(0, 0, 1, 1));
  EXPECT_EQ(load("image_folder", Split::train, options).size(), 16U);
  EXPECT_NE(load("image_folder", Split::test, options + ", seed: 1").pixels, test.pixels);
}

TEST_F(ImageFolderTest, AShareLeavesAnImageOfEachClassToEachPart) {
  for (const char* name : {"a/0.png", "a/1.png", "b/0.png", "b/1.png", "b/2.png", "c/0.png"})
    write_plain(name, 1);
  for (const std::string share : {"0.1", "0.9"}) {
    EXPECT_THAT(load("image_folder", Split::train, ", test_share: " + share).labels,
                ::testing::IsSupersetOf({0, 1, 2}));
    EXPECT_THAT(load("image_folder", Split::test, ", test_share: " + share).labels,
                ::testing::IsSupersetOf({0, 1}));
  }
}

TEST_F(ImageFolderTest, RefusesAShareBesideATestFolder) {
  for (const char* name : {"train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/1.png"})
    write_plain(name, 1);
  EXPECT_THAT(refusal("image_folder", "test", Split::train, ", test_share: 0.2").what,
              HasSubstr("test_share holds test images out"));
  EXPECT_EQ(load("image_folder", Split::train, ", test_share: 0").size(), 2U);
}

TEST_F(ImageFolderTest, ATestFolderOfAnotherNameIsNearest) {
  for (const char* name : {"train/a/1.png", "train/b/1.png", "val/a/1.png", "val/b/1.png"})
    write_plain(name, 1);
  EXPECT_EQ(refusal("image_folder", "test", Split::test).nearest, file("val").string());
}

TEST_F(ImageFolderTest, TheFolderAroundTrainIsNearestToTrain) {
  for (const char* name : {"train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/1.png"})
    write_plain(name, 1);
  try {
    host_.dataset("image_folder", "{folder: " + file("train").string() + "}")->read(Split::test);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.details().nearest, folder_.string());
  }
}

TEST_F(ImageFolderTest, SaysHowAnImageIsPreparedAndWhetherItIsMirrored) {
  EXPECT_THAT(dataset("image_folder", ", image_size: 48")->preparation(), HasSubstr("48×48"));
  EXPECT_TRUE(dataset("image_folder")->may_be_mirrored());
  EXPECT_FALSE(dataset("image_folder", ", mirror: false")->may_be_mirrored());
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
}  // namespace espalier::testing
