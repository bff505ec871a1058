#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "espalier/data/dataset.h"
#include "espalier/plugin/plugin.h"
#include "espalier/random/random.h"

using namespace espalier;

namespace {

/// Periods per pixel: well apart, and none near the finest that a pixel grid can show.
constexpr double kFrequencies[] = {0.08, 0.14, 0.20, 0.26};
constexpr std::size_t kOrientationsAtOnce = 10;

constexpr double kAmplitude = 0.4;
constexpr double kWeakest = 0.5;  ///< the least strength of a channel, as a share of kAmplitude

/// Spreads classes over as few frequencies as keep their orientations easy to tell apart.
struct Grating {
  Grating(std::size_t label, std::size_t classes) {
    const std::size_t wanted = (classes + kOrientationsAtOnce - 1) / kOrientationsAtOnce;
    const std::size_t frequencies = std::min(wanted, std::size(kFrequencies));
    const std::size_t orientations = (classes + frequencies - 1) / frequencies;
    const std::size_t orientation = label / frequencies;
    const double angle =
        std::numbers::pi * static_cast<double>(orientation) / static_cast<double>(orientations);
    const double frequency = 2 * std::numbers::pi * kFrequencies[label % frequencies];
    x = frequency * std::cos(angle);
    y = frequency * std::sin(angle);
  }
  double x;
  double y;
};

std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255));
}

}  // namespace

/// Gratings to try things with, without any file. A class is an orientation and a frequency; the phase, the
/// strength of each channel and the noise are random. So no single pixel tells the classes apart, but a small
/// network does.
class Synthetic final : public Dataset {
 public:
  explicit Synthetic(const Config& config)
      : classes_(config.integer<std::size_t>("classes", 10,
                                             "how many classes there are; the images take turns through them",
                                             between(2, 1000))),
        train_size_(config.integer<std::size_t>("train_size", 5000, "how many training images there are",
                                                between(1, 1'000'000))),
        test_size_(config.integer<std::size_t>("test_size", 1000, "how many test images there are",
                                               between(1, 1'000'000))),
        image_size_(config.integer<std::size_t>(
            "image_size", 32, "the height and width of an image in pixels", between(8, 256))),
        channels_(
            config.integer<std::size_t>("channels", 3, "how many channels an image has", between(1, 16))),
        noise_(config.number("noise", 0.1,
                             "the standard deviation of each pixel's noise, where black is 0 and white is 1",
                             between(0, 1))),
        seed_(config.integer<std::uint64_t>("seed", 0, "the seed that the images are drawn from")) {}

 protected:
  Shape shape_impl() const override {
    const auto side = static_cast<int>(image_size_);
    return {.channels = static_cast<int>(channels_), .height = side, .width = side};
  }
  std::size_t classes_impl() const override { return classes_; }
  /// Follows from the formula of a pixel, apart from the values that are clipped to black and white.
  Normalization normalization_impl() const override {
    const double strength = (1 + kWeakest + kWeakest * kWeakest) / 3;  // mean square of [kWeakest, 1]
    const double variance = kAmplitude * kAmplitude * strength / 2 + noise_ * noise_;
    return {.mean = std::vector<float>(channels_, 0.5F),
            .standard_deviation = std::vector<float>(channels_, static_cast<float>(std::sqrt(variance)))};
  }

  /// A mirrored wave has the orientation of another class.
  bool may_be_mirrored_impl() const override { return false; }

  Images read_impl(Split split) const override {
    const std::size_t count = split == Split::train ? train_size_ : test_size_;
    Images images{.shape = shape(), .pixels = {}, .labels = {}};
    images.pixels.reserve(count * static_cast<std::size_t>(images.shape.elements()));
    for (std::size_t i = 0; i < count; ++i) {
      check_stop();
      Rng rng(seed_, split == Split::train ? "synthetic.train" : "synthetic.test", i);
      const std::size_t label = i % classes_;
      images.labels.push_back(static_cast<std::uint16_t>(label));
      draw(Grating(label, classes_), rng, images.pixels);
    }
    return images;
  }

 private:
  void draw(const Grating& grating, Rng& rng, std::vector<std::uint8_t>& pixels) const {
    const double phase = 2 * std::numbers::pi * rng.uniform();
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      const double strength = kAmplitude * (kWeakest + (1 - kWeakest) * rng.uniform());
      for (std::size_t y = 0; y < image_size_; ++y) {
        for (std::size_t x = 0; x < image_size_; ++x) {
          const double wave =
              std::sin(grating.x * static_cast<double>(x) + grating.y * static_cast<double>(y) + phase);
          pixels.push_back(to_byte(0.5 + strength * wave + noise_ * rng.normal()));
        }
      }
    }
  }

  std::size_t classes_;
  std::size_t train_size_;
  std::size_t test_size_;
  std::size_t image_size_;
  std::size_t channels_;
  double noise_;
  std::uint64_t seed_;
};

ESPALIER_DATASET(synthetic, Synthetic, "1.0.0")
