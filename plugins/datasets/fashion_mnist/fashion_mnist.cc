#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "espalier/data/dataset.h"
#include "espalier/plugin/plugin.h"
#include "idx.h"

using namespace espalier;

namespace {

const Source kSource = {.title = "Fashion-MNIST",
                        .folder = "fashion-mnist",
                        .layout =
                            "fashion-mnist/ with train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
                            "t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz",
                        .remedy =
                            "install the Debian package dataset-fashion-mnist, or get the four files from "
                            "https://github.com/zalandoresearch/fashion-mnist",
                        .package_folder = "/usr/share/datasets/fashion-mnist"};

constexpr std::size_t kSize = 28;

}  // namespace

/// Fashion-MNIST (Xiao et al., 2017): gray images of 28×28, framed and repeated so that the spaces for CIFAR
/// take them.
class FashionMnist final : public Dataset {
 public:
  explicit FashionMnist(const Config& config)
      : files_(kSource, config),
        size_(config.integer<std::size_t>(
            "image_size", 32, "the height and width of an image in pixels; black surrounds the 28×28",
            between(28, 1024))),
        channels_(config.choice("channels", "3", {"1", "3"},
                                "how many channels an image has; 3 repeats the gray value as red, green and "
                                "blue") == "1"
                      ? 1
                      : 3) {}

 protected:
  Shape shape_impl() const override {
    return {.channels = channels_, .height = static_cast<int>(size_), .width = static_cast<int>(size_)};
  }
  std::size_t classes_impl() const override { return 10; }
  /// 0.2860 and 0.3530 are the usual values of the 28×28 pixels. A network also sees the black frame, so mean
  /// and mean square shrink by the share of the area.
  Normalization normalization_impl() const override {
    constexpr double kMean = 0.2860;
    constexpr double kDeviation = 0.3530;
    const double share = static_cast<double>(kSize * kSize) / static_cast<double>(size_ * size_);
    const double mean = kMean * share;
    const double square = (kDeviation * kDeviation + kMean * kMean) * share;
    const auto count = static_cast<std::size_t>(channels_);
    return {
        .mean = std::vector<float>(count, static_cast<float>(mean)),
        .standard_deviation = std::vector<float>(count, static_cast<float>(std::sqrt(square - mean * mean)))};
  }

  std::vector<std::string> class_names_impl() const override {
    return {"T-shirt/top", "trouser", "pullover", "dress", "coat",
            "sandal",      "shirt",   "sneaker",  "bag",   "ankle boot"};
  }
  std::string preparation_impl() const override {
    return fmt::format("28×28 in the middle of black {0}×{0}{1}", size_,
                       channels_ == 3 ? ", the gray value repeated as red, green and blue" : "");
  }

  Images read_impl(Split split) const override {
    const std::string prefix = split == Split::test ? "t10k" : "train";
    const std::string label_file = prefix + "-labels-idx1-ubyte.gz";
    const std::vector<std::uint8_t> gray = read_idx(files_, prefix + "-images-idx3-ubyte.gz", {kSize, kSize});
    const std::vector<std::uint8_t> labels = read_idx(files_, label_file, {});
    const std::size_t count = gray.size() / (kSize * kSize);
    if (labels.size() != count) {
      files_.refuse(files_.find(label_file), fmt::format("{} labels for {} images", labels.size(), count),
                    "as many labels as images");
    }
    const auto wrong =
        std::find_if(labels.begin(), labels.end(), [&](auto label) { return label >= classes(); });
    if (wrong != labels.end()) {
      files_.refuse(files_.find(label_file),
                    fmt::format("image {} has the label {}", wrong - labels.begin(), *wrong), "0 to 9");
    }
    return {.shape = shape(), .pixels = framed(gray), .labels = {labels.begin(), labels.end()}};
  }

 private:
  std::vector<std::uint8_t> framed(const std::vector<std::uint8_t>& gray) const {
    const std::size_t margin = (size_ - kSize) / 2;
    const auto channels = static_cast<std::size_t>(channels_);
    const std::size_t count = gray.size() / (kSize * kSize);
    std::vector<std::uint8_t> pixels(count * channels * size_ * size_, 0);
    for (std::size_t plane = 0; plane < count * channels; ++plane) {
      for (std::size_t row = 0; row < kSize; ++row) {
        std::copy_n(&gray[(plane / channels * kSize + row) * kSize], kSize,
                    &pixels[(plane * size_ + margin + row) * size_ + margin]);
      }
    }
    return pixels;
  }

  DatasetFiles files_;
  std::size_t size_;
  int channels_;
};

ESPALIER_DATASET(fashion_mnist, FashionMnist, "1.0.0")
