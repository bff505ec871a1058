#include "espalier/data/reads_pictures.h"

#include "espalier/errors/errors.h"
#include "plugins/datasets/image_folder_fixture.h"

namespace espalier::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A dataset of no folder, which reads single pictures.
class ReadsPicturesTest : public ImageFolderTest {
 protected:
  Bytes read(const std::string& name, const Shape& shape) {
    const auto plugin = host_.dataset("image_folder");
    return ability<const ReadsPictures>(*plugin)->read_picture(file(name), shape);
  }
  host::Host host_;
};

TEST_F(ReadsPicturesTest, AsTheImagesOfTheDatasetAre) {
  write_png("train/a/1.png", 9, 14, PNG_FORMAT_RGB, noise(9 * 14 * 3));
  EXPECT_EQ(read("train/a/1.png", {.channels = 3, .height = 5, .width = 5}), only_image(", image_size: 5"));
}

TEST_F(ReadsPicturesTest, CutsOutTheProportionsOfTheNetworksInput) {
  // Three columns of 0, 100 and 200: an input twice as high as wide sees the middle.
  Bytes columns;
  for (int row = 0; row < 2; ++row) columns.insert(columns.end(), {0, 100, 200});
  write_png("columns.png", 3, 2, PNG_FORMAT_GRAY, columns);
  EXPECT_THAT(read("columns.png", {.channels = 3, .height = 2, .width = 1}), Each(100));
  EXPECT_THAT(read("columns.png", {.channels = 1, .height = 2, .width = 3}),
              ElementsAre(0, 100, 200, 0, 100, 200));
}

TEST_F(ReadsPicturesTest, WeighsColorsForGrayNetworks) {
  write_png("color.png", 1, 1, PNG_FORMAT_RGB, {200, 100, 50});
  EXPECT_THAT(read("color.png", {.channels = 1, .height = 1, .width = 1}),
              ElementsAre(124));  // 0.299·200 + 0.587·100 + 0.114·50
  try {
    read("color.png", {.channels = 4, .height = 1, .width = 1});
    ADD_FAILURE() << "it was read";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a picture has no 4 channels"));
  }
}

}  // namespace
}  // namespace espalier::testing
