#include <gmock/gmock.h>
#include <png.h>

#include "host/program/program_fixture.h"
#include "paths.h"

namespace espalier::testing {
namespace {

using ::testing::HasSubstr;

/// docs/use-your-own-images.md, followed to the letter.
class OwnImages : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (!fs::exists(std::string(paths::build) + "/lib/libespalier_network.so"))
      GTEST_SKIP() << "a build without networks";
    fs::copy_file(std::string(paths::source) + "/docs/examples/own_images.yaml", folder_ / "own_images.yaml");
    int shade = 0;
    for (const char* flower : {"daisy", "rose", "tulip"}) {
      shade += 60;
      for (int i = 0; i < 6; ++i) {
        write_image(fs::path("flowers/train") / flower / (std::to_string(i) + ".png"), shade + i);
        write_image(fs::path("flowers/test") / flower / (std::to_string(i) + ".png"), shade + i);
      }
    }
  }

  void write_image(const fs::path& name, int shade) const {
    fs::create_directories((folder_ / name).parent_path());
    png_image image = {};
    image.version = PNG_IMAGE_VERSION;
    image.width = 12;
    image.height = 10;
    image.format = PNG_FORMAT_RGB;
    const std::string pixels(PNG_IMAGE_SIZE(image), static_cast<char>(shade));
    ASSERT_NE(png_image_write_to_file(&image, (folder_ / name).c_str(), 0, pixels.data(), 0, nullptr), 0);
  }
};

TEST_F(OwnImages, TheConfigOfThePageSearchesAndTrains) {
  const ProgramResult result = espalier({"run", "own_images.yaml", "--smoke", "--quiet"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("trained test %"));
  const fs::path folder = folder_ / "runs/own_images-smoke/gdas/seed_0";
  EXPECT_TRUE(fs::exists(folder / "result.json"));
  EXPECT_TRUE(fs::exists(folder / "evaluation/result.json"));
  EXPECT_TRUE(fs::exists(folder / "evaluation/network.pt"));
}

TEST_F(OwnImages, AnotherNumberOfClassesIsRefusedBeforeAnythingRuns) {
  write_image("flowers/train/weed/0.png", 9);
  write_image("flowers/test/weed/0.png", 9);
  const ProgramResult result = espalier({"run", "own_images.yaml", "--smoke", "--quiet"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("has 4 classes"));
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
}

}  // namespace
}  // namespace espalier::testing
