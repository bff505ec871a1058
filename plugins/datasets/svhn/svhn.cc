#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "espalier/data/dataset.h"
#include "espalier/plugin/plugin.h"
#include "mat_file.h"

using namespace espalier;

namespace {

const Source kSource = {
    .title = "SVHN",
    .folder = "svhn",
    .layout = "svhn/ with train_32x32.mat and test_32x32.mat, and for `extra: true` extra_32x32.mat",
    .remedy =
        "get them from http://ufldl.stanford.edu/housenumbers/ (MD5 of train_32x32.mat "
        "e26dedcc434d2e4c54c9b2d4a06d8373, test_32x32.mat eb5a983be6a315427106f1b164d9cef3, "
        "extra_32x32.mat a93ce644f1a588dc4d68dda5feec44a7)"};

constexpr std::size_t kSize = 32;
constexpr std::size_t kChannels = 3;

}  // namespace

/// Street View House Numbers (Netzer et al., 2011): the cropped digits, from their MATLAB files.
class Svhn final : public Dataset {
 public:
  explicit Svhn(const Config& config)
      : files_(kSource, config),
        extra_(config.boolean("extra", false,
                              "add the 531,131 easier images of extra_32x32.mat to the training images")),
        mirror_(config.boolean(
            "mirror", false,
            "whether training may mirror the images; a mirrored digit is a different character")) {}

 protected:
  Shape shape_impl() const override { return {.channels = 3, .height = 32, .width = 32}; }
  std::size_t classes_impl() const override { return 10; }
  /// Mean and deviation over all pixels of the training images, without the extra ones.
  Normalization normalization_impl() const override {
    return {.mean = {0.4377F, 0.4438F, 0.4728F}, .standard_deviation = {0.1980F, 0.2010F, 0.1970F}};
  }

  std::vector<std::string> class_names_impl() const override {
    return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  }
  bool may_be_mirrored_impl() const override { return mirror_; }

  Images read_impl(Split split) const override {
    Images images{.shape = shape(), .pixels = {}, .labels = {}};
    append(split == Split::test ? "test_32x32.mat" : "train_32x32.mat", images);
    if (extra_ && split == Split::train) append("extra_32x32.mat", images);
    return images;
  }

 private:
  void append(const std::string& name, Images& images) const {
    const std::filesystem::path file = files_.find(name);
    const auto [pixels, labels] = read_mat(files_, file, "X", "y");
    const std::vector<std::size_t> expected = {kSize, kSize, kChannels, labels.values.size()};
    // MATLAB drops a last dimension of 1.
    std::vector<std::size_t> dimensions = pixels.dimensions;
    dimensions.resize(std::max(dimensions.size(), expected.size()), 1);
    if (dimensions != expected) {
      files_.refuse(
          file, fmt::format("X is {} for {} labels", fmt::join(pixels.dimensions, "×"), labels.values.size()),
          "32×32×3×N for N labels");
    }
    for (std::size_t i = 0; i < labels.values.size(); ++i) {
      const std::uint8_t label = labels.values[i];
      if (label < 1 || label > 10) {
        files_.refuse(file, fmt::format("image {} has the label {}", i, label),
                      "1 to 10, where 10 is the digit 0");
      }
      images.labels.push_back(label % 10);
    }
    append_rows(pixels.values, images.pixels);
  }

  /// MATLAB stores a plane column by column.
  static void append_rows(const std::vector<std::uint8_t>& columns, std::vector<std::uint8_t>& pixels) {
    pixels.reserve(pixels.size() + columns.size());
    for (std::size_t plane = 0; plane < columns.size(); plane += kSize * kSize) {
      for (std::size_t y = 0; y < kSize; ++y) {
        for (std::size_t x = 0; x < kSize; ++x) pixels.push_back(columns[plane + x * kSize + y]);
      }
    }
  }

  DatasetFiles files_;
  bool extra_;
  bool mirror_;
};

ESPALIER_DATASET(svhn, Svhn, "1.0.0")
