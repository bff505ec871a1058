#include <espalier/data/dataset.h>
#include <espalier/plugin/plugin.h>
#include <espalier/random/random.h>

#include <algorithm>

/// Horizontal and vertical stripes in noise. A dataset with files reads them in read_impl(), and throws
/// espalier::Error, naming the file, when one is missing or damaged.
class MyDataset final : public espalier::Dataset {
 public:
  explicit MyDataset(const espalier::Config& config)
      : size_(config.integer<std::size_t>("size", 1000, "how many images each split has",
                                          espalier::between(2, 1'000'000))),
        noise_(config.number("noise", 0.1,
                             "the standard deviation of each pixel's noise, where black is 0 and white is 1",
                             espalier::between(0, 1))) {}

 protected:
  espalier::Shape shape_impl() const override { return {.channels = 1, .height = 16, .width = 16}; }
  std::size_t classes_impl() const override { return 2; }
  espalier::Normalization normalization_impl() const override {
    return {.mean = {0.5F}, .standard_deviation = {0.4F}};
  }

  espalier::Images read_impl(espalier::Split split) const override {
    const char* stream = split == espalier::Split::train ? "my_dataset.train" : "my_dataset.test";
    espalier::Images images{.shape = shape(), .pixels = {}, .labels = {}};
    for (std::size_t i = 0; i < size_; ++i) {
      espalier::Rng rng(0, stream, i);
      const bool vertical = i % 2 == 1;
      const std::size_t offset = rng.below(8);
      for (std::size_t y = 0; y < 16; ++y) {
        for (std::size_t x = 0; x < 16; ++x) {
          const bool white = ((vertical ? x : y) + offset) % 8 < 4;
          const double value = (white ? 0.9 : 0.1) + noise_ * rng.normal();
          images.pixels.push_back(static_cast<std::uint8_t>(255 * std::clamp(value, 0.0, 1.0)));
        }
      }
      images.labels.push_back(vertical ? 1 : 0);
    }
    return images;
  }

 private:
  std::size_t size_;
  double noise_;
};

ESPALIER_DATASET(my_dataset, MyDataset, "1.0.0")
