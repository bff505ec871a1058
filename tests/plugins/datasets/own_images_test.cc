#include <gmock/gmock.h>
#include <png.h>

#include <nlohmann/json.hpp>

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
    fs::copy_file(std::string(paths::source) + "/configs/own-images.yaml", folder_ / "own-images.yaml");
    int shade = 0;
    for (const char* flower : {"daisy", "rose", "tulip"}) {
      shade += 60;
      for (int i = 0; i < 6; ++i) {
        write_image(fs::path("pictures/train") / flower / (std::to_string(i) + ".png"), shade + i);
        write_image(fs::path("pictures/test") / flower / (std::to_string(i) + ".png"), shade + i);
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
  const ProgramResult result = espalier({"run", "own-images.yaml", "--smoke", "--quiet"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("trained test %"));
  const fs::path folder = folder_ / "runs/own-images-smoke/regularized_evolution/seed_0";
  EXPECT_TRUE(fs::exists(folder / "result.json"));
  EXPECT_TRUE(fs::exists(folder / "evaluation/result.json"));
  EXPECT_TRUE(fs::exists(folder / "evaluation/network.safetensors"));
}

TEST_F(OwnImages, PathsAreThoseOfTheConfigFromAnyFolder) {
  for (const char* name : {"project", "elsewhere"}) fs::create_directories(folder_ / name);
  for (const char* name : {"own-images.yaml", "pictures"})
    fs::rename(folder_ / name, folder_ / "project" / name);
  const auto begun = espalier({"run", "project/own-images.yaml", "--smoke", "--quiet", "--out", "run"});
  ASSERT_EQ(begun.exit_code, 0) << begun.err;
  const auto resumed = run({"sh", "-c", "cd elsewhere && " + program() + " resume ../run --quiet"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(resumed.err, "");
  EXPECT_EQ(resumed.out.substr(0, resumed.out.rfind("run directory")),
            begun.out.substr(0, begun.out.rfind("run directory")));

  // A path on the command line begins where the command is typed, and ~ is the home folder.
  const auto typed = espalier({"run", "project/own-images.yaml", "--smoke", "--quiet", "--out", "typed",
                               "dataset.folder=project/pictures"});
  EXPECT_EQ(typed.exit_code, 0) << typed.err;
  const auto home = espalier(
      {"run", "project/own-images.yaml", "--smoke", "--quiet", "--out", "home", "dataset.folder=~/pictures"},
      {{"HOME", (folder_ / "project").string()}});
  EXPECT_EQ(home.exit_code, 0) << home.err;
}

TEST_F(OwnImages, WhatIsNoImageIsSaidOnce) {
  for (const char* name : {"pictures/train/rose/Thumbs.db", "pictures/train/tulip/Thumbs.db"})
    write(name, "no image");
  const auto result = espalier({"run", "own-images.yaml", "--smoke", "--quiet"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string note = "image_folder: 2 files that are not images were passed over: Thumbs.db (2)";
  EXPECT_THAT(result.err, HasSubstr(note));
  EXPECT_EQ(result.err.find(note), result.err.rfind(note));
}

TEST_F(OwnImages, TheResultsNameTheClasses) {
  ASSERT_EQ(espalier({"run", "own-images.yaml", "--smoke", "--quiet"}).exit_code, 0);
  const fs::path folder = folder_ / "runs/own-images-smoke/regularized_evolution/seed_0/evaluation";
  const auto description = nlohmann::json::parse(text_of(folder / "network.json"));
  EXPECT_EQ(description.at("classes"), nlohmann::json({"daisy", "rose", "tulip"}));
  EXPECT_THAT(description.at("input").at("preparation").get<std::string>(), HasSubstr("32×32"));
  for (const auto& each : nlohmann::json::parse(text_of(folder / "result.json")).at("classes"))
    EXPECT_EQ(each.at("images"), 6);
}

TEST_F(OwnImages, ToldClassesThatAreOthersAreRefusedBeforeAnythingRuns) {
  write_image("pictures/train/weed/0.png", 9);
  write_image("pictures/test/weed/0.png", 9);
  const ProgramResult result =
      espalier({"run", "own-images.yaml", "--smoke", "--quiet", "search_space.classes=3"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("has 4 classes"));
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
}

}  // namespace
}  // namespace espalier::testing
