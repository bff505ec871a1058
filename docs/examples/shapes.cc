#include <espalier/data/dataset.h>
#include <espalier/plugin/plugin.h>
#include <espalier/random/random.h>

#include <cstdlib>

/// White squares and disks, anywhere on black.
class Shapes final : public espalier::Dataset {
 public:
  explicit Shapes(const espalier::Config& config)
      : size_(config.integer<std::size_t>("size", 1000, "how many images each split has",
                                          espalier::between(1, 1'000'000))) {}

 protected:
  espalier::Shape shape_impl() const override { return {.channels = 1, .height = 32, .width = 32}; }
  std::size_t classes_impl() const override { return 2; }
  espalier::Normalization normalization_impl() const override {
    return {.mean = {0.155F}, .standard_deviation = {0.362F}};
  }

  espalier::Images read_impl(espalier::Split split) const override {
    espalier::Images images{.shape = shape(), .pixels = {}, .labels = {}};
    const char* stream = split == espalier::Split::train ? "shapes.train" : "shapes.test";
    for (std::size_t i = 0; i < size_; ++i) {
      espalier::Rng rng(0, stream, i);
      const bool disk = i % 2 == 1;
      const int top = static_cast<int>(rng.below(18));
      const int left = static_cast<int>(rng.below(18));
      for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 32; ++x) {
          const int down = y - top - 7;
          const int right = x - left - 7;
          const bool inside =
              disk ? down * down + right * right <= 49 : std::abs(down) <= 6 && std::abs(right) <= 6;
          images.pixels.push_back(inside ? 255 : 0);
        }
      }
      images.labels.push_back(disk ? 1 : 0);
    }
    return images;
  }

 private:
  std::size_t size_;
};

ESPALIER_DATASET(shapes, Shapes, "1.0.0")
