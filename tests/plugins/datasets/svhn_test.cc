#include <matio.h>

#include "plugins/datasets/dataset_fixture.h"

namespace espalier {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t kPixels = 3072;

/// Writes a .mat file as the official ones are: X of 32×32×3×N and y of N×1, compressed.
class SvhnTest : public testing::DatasetTest {
 protected:
  template <class Number>
  static void put(mat_t* out, const char* name, std::vector<std::size_t> dimensions,
                  const std::vector<Number>& values) {
    constexpr bool bytes = sizeof(Number) == 1;
    std::vector<Number> data = values;
    matvar_t* variable =
        Mat_VarCreate(name, bytes ? MAT_C_UINT8 : MAT_C_DOUBLE, bytes ? MAT_T_UINT8 : MAT_T_DOUBLE,
                      static_cast<int>(dimensions.size()), dimensions.data(), data.data(), 0);
    ASSERT_NE(variable, nullptr);
    EXPECT_EQ(Mat_VarWrite(out, variable, MAT_COMPRESSION_ZLIB), 0);
    Mat_VarFree(variable);
  }
  /// X holds testing::pattern(…, image) for each image, in MATLAB's order.
  template <class Label = std::uint8_t>
  void write_mat(const std::string& name, const std::vector<Label>& labels, std::size_t images,
                 const char* pixels_name = "X", std::size_t width = 32, mat_ft version = MAT_FT_MAT5) const {
    std::vector<std::uint8_t> pixels;
    for (std::size_t i = 0; i < images; ++i) {
      for (const char byte : testing::pattern(32 * width * 3, static_cast<unsigned>(i))) {
        pixels.push_back(static_cast<std::uint8_t>(byte));
      }
    }
    mat_t* out = Mat_CreateVer(file(name).c_str(), nullptr, version);
    ASSERT_NE(out, nullptr);
    put(out, pixels_name, {32, width, 3, images}, pixels);
    put(out, "y", {labels.size(), 1}, labels);
    Mat_Close(out);
  }
};

TEST_F(SvhnTest, MirrorsNoDigitUnlessItIsToldTo) {
  EXPECT_FALSE(dataset("svhn")->may_be_mirrored());
  EXPECT_TRUE(dataset("svhn", ", mirror: true")->may_be_mirrored());
  EXPECT_EQ(dataset("svhn")->class_names().at(7), "7");
}

TEST_F(SvhnTest, TurnsColumnsIntoRowsAndTenIntoZero) {
  write_mat<std::uint8_t>("train_32x32.mat", {1, 10, 9}, 3);
  const Images train = load("svhn");
  EXPECT_THAT(train.labels, ElementsAre(1, 0, 9));
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string columns = testing::pattern(kPixels, static_cast<unsigned>(i));
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t y = 0; y < 32; ++y) {
        for (std::size_t x = 0; x < 32; ++x) {
          ASSERT_EQ(train.image(i)[(channel * 32 + y) * 32 + x],
                    static_cast<std::uint8_t>(columns[channel * 1024 + x * 32 + y]));
        }
      }
    }
  }
}

TEST_F(SvhnTest, TakesLabelsThatAreNumbers) {
  write_mat<double>("test_32x32.mat", {10, 4}, 2);
  EXPECT_THAT(load("svhn", Split::test).labels, ElementsAre(0, 4));
}

TEST_F(SvhnTest, TakesASingleImage) {
  write_mat<std::uint8_t>("test_32x32.mat", {3}, 1);
  EXPECT_THAT(load("svhn", Split::test).labels, ElementsAre(3));
}

TEST_F(SvhnTest, AddsTheExtraImagesToTrainWith) {
  write_mat<std::uint8_t>("train_32x32.mat", {1}, 1);
  write_mat<std::uint8_t>("test_32x32.mat", {5}, 1);
  EXPECT_THAT(refusal("svhn", "extra_32x32.mat", Split::train, ", extra: true").remedy,
              HasSubstr("a93ce644f1a588dc4d68dda5feec44a7"));
  write_mat<std::uint8_t>("extra_32x32.mat", {2, 3}, 2);
  EXPECT_THAT(load("svhn", Split::train, ", extra: true").labels, ElementsAre(1, 2, 3));
  EXPECT_THAT(load("svhn", Split::test, ", extra: true").labels, ElementsAre(5));
  EXPECT_THAT(load("svhn").labels, ElementsAre(1));
}

TEST_F(SvhnTest, RefusesEveryFileThatIsCutShort) {
  write_mat<std::uint8_t>("train_32x32.mat", {1, 2, 3, 4}, 4);
  const std::string sound = testing::read_bytes(file("train_32x32.mat"));
  for (std::size_t size = 0; size < sound.size(); size += size < 400 || size + 200 > sound.size() ? 1 : 37) {
    write("train_32x32.mat", sound.substr(0, size));
    EXPECT_FALSE(refusal("svhn", "train_32x32.mat").what.empty()) << size;
  }
}

TEST_F(SvhnTest, RefusesFlippedBits) {
  write_mat<std::uint8_t>("train_32x32.mat", {1, 2, 3, 4}, 4);
  const std::string sound = testing::read_bytes(file("train_32x32.mat"));
  for (std::size_t position = 124; position < sound.size(); position += 11) {
    std::string flipped = sound;
    flipped[position] = static_cast<char>(flipped[position] ^ 0x10);
    write("train_32x32.mat", flipped);
    EXPECT_FALSE(refusal("svhn", "train_32x32.mat").what.empty()) << position;
  }
}

TEST_F(SvhnTest, RefusesForeignFiles) {
  write("train_32x32.mat", std::string(5000, 'x'));
  EXPECT_THAT(refusal("svhn", "train_32x32.mat").what, HasSubstr("not a MATLAB 5 file"));
  write_mat<std::uint8_t>("train_32x32.mat", {1}, 1, "Z");
  EXPECT_THAT(refusal("svhn", "train_32x32.mat").what, HasSubstr("no variable X"));
  write_mat<std::uint8_t>("train_32x32.mat", {1, 2}, 2, "X", 16);
  EXPECT_THAT(refusal("svhn", "train_32x32.mat").what, HasSubstr("32×16×3×2 for 2 labels"));
  write_mat<std::uint8_t>("train_32x32.mat", {1, 2, 3}, 2);
  EXPECT_THAT(refusal("svhn", "train_32x32.mat").what, HasSubstr("32×32×3×2 for 3 labels"));
}

TEST_F(SvhnTest, RefusesLabelsThatAreNoDigits) {
  write_mat<std::uint8_t>("train_32x32.mat", {1, 0}, 2);
  EXPECT_THAT(refusal("svhn", "train_32x32.mat").what, AllOf(HasSubstr("image 1"), HasSubstr("label 0")));
  write_mat<double>("train_32x32.mat", {1, 11}, 2);
  EXPECT_THAT(refusal("svhn", "train_32x32.mat").what, HasSubstr("label 11"));
  write_mat<double>("train_32x32.mat", {-1, 2}, 2);
  EXPECT_THAT(refusal("svhn", "train_32x32.mat").what, HasSubstr("no variable y"));
}

TEST_F(SvhnTest, SaysWhereToGetAMissingFile) {
  EXPECT_THAT(refusal("svhn", "train_32x32.mat").remedy,
              AllOf(HasSubstr("ufldl.stanford.edu"), HasSubstr("e26dedcc434d2e4c54c9b2d4a06d8373")));
}

}  // namespace
}  // namespace espalier
