#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "network/training/evaluate_fixture.h"

namespace espalier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// A picture as a BMP file of 24 bits: `gray` everywhere, with a gradient of red to the right.
std::string bmp(int width, int height, int gray) {
  const auto little = [](std::uint32_t number, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(number >> (8 * i) & 0xffU);
    return text;
  };
  const int line = (3 * width + 3) / 4 * 4;
  constexpr std::uint32_t head = 54;
  const auto size = head + static_cast<std::uint32_t>(line * height);
  std::string file = "BM" + little(size, 4) + little(0, 4) + little(head, 4) + little(40, 4) +
                     little(static_cast<std::uint32_t>(width), 4) +
                     little(static_cast<std::uint32_t>(height), 4) + little(1, 2) + little(24, 2) +
                     std::string(24, '\0');
  for (int y = 0; y < height; ++y) {
    std::string row;
    for (int x = 0; x < width; ++x) {
      row += static_cast<char>(gray);
      row += static_cast<char>(gray);
      row += static_cast<char>(std::min(255, gray + 40 * x / width));
    }
    row.resize(static_cast<std::size_t>(line), '\0');
    file += row;
  }
  return file;
}

/// Pictures of two classes, dark and bright, of different sizes, and a network that was trained on them.
class PredictCommand : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    for (const char* split : {"train", "test"}) {
      for (int i = 0; i < 12; ++i) {
        picture(std::string("lights/") + split + "/dark/" + std::to_string(i) + ".bmp", 10 + i, 30 + 3 * i);
        picture(std::string("lights/") + split + "/bright \"day\"/" + std::to_string(i) + ".bmp", 21 - i,
                180 + 2 * i);
      }
    }
    const ProgramResult trained = espalier(
        {"evaluate", kCell, "epochs=6", "batch_size=8", "threads=1", "flip=false", "crop_padding=0",
         "cutout=0", "drop_path=0", "--space",
         "{name: nasbench201, channels: 4, cells_per_stage: 1, classes: 2, image_size: 8}", "--dataset",
         "{name: image_folder, folder: lights, image_size: 8}", "--out", "trained", "--quiet"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
  }
  void picture(const std::string& name, int size, int gray) const {
    fs::create_directories((folder_ / name).parent_path());
    write(name, bmp(size, 2 * size - 7, gray));
  }
};

TEST_F(PredictCommand, TellsOfTheTestImagesWhatTheTestFound) {
  const ProgramResult result = espalier({"predict", "trained", "lights/test", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto predictions = nlohmann::json::parse(result.out);
  ASSERT_EQ(predictions.size(), 24U);
  int correct = 0;
  for (const auto& each : predictions) {
    const std::string label =
        fs::path(each.at("picture").get<std::string>()).parent_path().filename().string();
    correct += each.at("class") == label ? 1 : 0;
    double sum = 0.0;
    for (const auto& share : each.at("classes")) sum += share.at("probability").get<double>();
    EXPECT_NEAR(sum, 1.0, 1e-6);
  }
  const auto recorded = nlohmann::json::parse(text_of(folder_ / "trained/evaluation/result.json"));
  EXPECT_NEAR(100.0 * correct / 24.0, recorded.at("test").get<double>(), 1e-9);
}

TEST_F(PredictCommand, TheExportedProgramsTellTheSame) {
  const Environment modules = {{"PYTHONPATH", (fs::path(paths::source) / "build/onnxruntime").string()}};
  ASSERT_EQ(espalier({"export", "trained", "-o", "net", "--no-verify"}).exit_code, 0);
  picture("odd.bmp", 37, 100);
  const auto told = nlohmann::json::parse(espalier({"predict", "trained", "odd.bmp", "--json"}).out).at(0);
  for (const char* script : {"net/predict.py", "net/predict_onnx.py"}) {
    const ProgramResult result = run({"/usr/bin/python3", script, "odd.bmp"}, modules);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const std::string name = told.at("class").get<std::string>();
    ASSERT_THAT(result.out, HasSubstr("odd.bmp: " + name + " ("));
    const double percent = std::atof(result.out.substr(result.out.rfind('(') + 1).c_str());
    // Pillow rounds to whole numbers between the two directions.
    EXPECT_NEAR(percent, 100.0 * told.at("probability").get<double>(), 1.5) << script;
  }
}

TEST_F(PredictCommand, AnUnreadablePictureDoesNotHideTheOthers) {
  write("torn.bmp", bmp(8, 8, 5).substr(0, 100));
  write("text.png", "this is no picture");
  const ProgramResult one = espalier({"predict", "trained", "torn.bmp", "lights/test/dark/0.bmp"});
  EXPECT_EQ(one.exit_code, 1);
  EXPECT_THAT(one.out, HasSubstr("lights/test/dark/0.bmp"));
  EXPECT_THAT(one.err, HasSubstr("torn.bmp"));
  const ProgramResult two = espalier({"predict", "trained", "torn.bmp", "text.png", "missing.png"});
  EXPECT_EQ(two.exit_code, 1);
  EXPECT_EQ(two.out, "");
  EXPECT_THAT(two.err,
              AllOf(HasSubstr("3 pictures cannot be read"), HasSubstr("text.png"), HasSubstr("missing.png")));
  fs::create_directories(folder_ / "empty");
  const ProgramResult none = espalier({"predict", "trained", "empty"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("this folder holds no pictures"));
}

TEST_F(PredictCommand, ANetworkForOtherDataReadsPicturesTheUsualWay) {
  ASSERT_EQ(espalier({"evaluate", kCell, "epochs=1", "batch_size=32", "threads=1", "--space", kSpace,
                      "--dataset", kData, "--out", "other", "--quiet"})
                .exit_code,
            0);
  const ProgramResult result =
      espalier({"predict", "other", "lights/test/dark/0.bmp", "--top", "9", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(nlohmann::json::parse(result.out).at(0).at("classes").size(), 4U);
}

}  // namespace
}  // namespace espalier::testing
