#include <algorithm>
#include <cmath>

#include "plugins/datasets/dataset_fixture.h"

namespace espalier {
namespace {

using testing::as_string;

class SyntheticTest : public ::testing::Test {
 protected:
  Images load(const std::string& options, Split split = Split::train) {
    return host_.dataset("synthetic", options)->read(split);
  }
  host::Host host_;
};

TEST_F(SyntheticTest, AnImageIsTheSameWhateverTheSizes) {
  const Images few = load("{train_size: 20, image_size: 16}");
  const Images many = load("{train_size: 50, test_size: 3, image_size: 16}");
  ASSERT_EQ(few.size(), 20U);
  ASSERT_EQ(many.size(), 50U);
  EXPECT_TRUE(std::equal(few.pixels.begin(), few.pixels.end(), many.pixels.begin()));
  EXPECT_TRUE(std::equal(few.labels.begin(), few.labels.end(), many.labels.begin()));
}

TEST_F(SyntheticTest, SeedsSplitsAndIndicesDiffer) {
  const Images train = load("{train_size: 30, image_size: 16}");
  EXPECT_NE(train.pixels, load("{train_size: 30, image_size: 16, seed: 1}").pixels);
  EXPECT_NE(train.pixels, load("{test_size: 30, image_size: 16}", Split::test).pixels);
  EXPECT_NE(as_string(train.image(0)), as_string(train.image(10)));  // of one class
}

TEST_F(SyntheticTest, ClassesAreBalanced) {
  const Images train = load("{classes: 7, train_size: 703, image_size: 8}");
  for (std::uint16_t label = 0; label < 7; ++label) {
    const auto count = std::count(train.labels.begin(), train.labels.end(), label);
    EXPECT_TRUE(count == 100 || count == 101) << label << ": " << count;
  }
}

TEST_F(SyntheticTest, HasTheShapeThatIsAskedFor) {
  const auto data = host_.dataset("synthetic", "{channels: 2, image_size: 24, classes: 100, test_size: 5}");
  EXPECT_EQ(data->shape(), (Shape{.channels = 2, .height = 24, .width = 24}));
  EXPECT_EQ(data->classes(), 100U);
  EXPECT_EQ(data->read(Split::test).pixels.size(), 5U * 2 * 24 * 24);
  EXPECT_EQ(data->normalization().mean.size(), 2U);
  for (const char* options :
       {"{classes: 1}", "{noise: 1.5}", "{train_size: 0}", "{seed: -1}", "{folder: x}"}) {
    EXPECT_THROW(host_.dataset("synthetic", options), UsageError) << options;
  }
}

TEST_F(SyntheticTest, TheNormalizationFits) {
  for (const char* options : {"{noise: 0.1, train_size: 400}", "{noise: 0, train_size: 400}"}) {
    const auto data = host_.dataset("synthetic", options);
    const Images train = data->read(Split::train);
    double sum = 0.0;
    double square = 0.0;
    for (const std::uint8_t pixel : train.pixels) {
      sum += pixel / 255.0;
      square += pixel / 255.0 * pixel / 255.0;
    }
    const double mean = sum / static_cast<double>(train.pixels.size());
    EXPECT_NEAR(mean, data->normalization().mean[0], 0.005) << options;
    EXPECT_NEAR(std::sqrt(square / static_cast<double>(train.pixels.size()) - mean * mean),
                data->normalization().standard_deviation[0], 0.005)
        << options;
  }
}

/// How alike an image is to itself, moved by a few pixels: what tells of its waves, but not of their phase.
std::vector<double> features(const Images& images, std::size_t index) {
  constexpr std::ptrdiff_t kReach = 3;
  const auto width = static_cast<std::ptrdiff_t>(images.shape.width);
  const auto pixels = images.image(index);
  const auto at = [&](std::ptrdiff_t y, std::ptrdiff_t x) {
    return pixels[static_cast<std::size_t>(y * width + x)] / 255.0 - 0.5;
  };
  std::vector<double> all;
  double energy = 0.0;
  for (std::ptrdiff_t dy = 0; dy <= kReach; ++dy) {
    for (std::ptrdiff_t dx = -kReach; dx <= kReach; ++dx) {
      double sum = 0.0;
      for (std::ptrdiff_t y = 0; y + kReach < width; ++y) {
        for (std::ptrdiff_t x = kReach; x + kReach < width; ++x) sum += at(y, x) * at(y + dy, x + dx);
      }
      if (dy == 0 && dx == 0) energy = sum;
      all.push_back(sum);
    }
  }
  for (double& value : all) value /= energy;
  return all;
}

double squared_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/// The share of test images whose nearest class mean is that of their class.
template <class Features>
double nearest_mean_accuracy(const Images& train, const Images& test, std::size_t classes,
                             Features features_of) {
  std::vector<std::vector<double>> means(classes);
  for (std::size_t i = 0; i < train.size(); ++i) {
    const std::vector<double> found = features_of(train, i);
    std::vector<double>& mean = means[train.labels[i]];
    mean.resize(found.size());
    for (std::size_t j = 0; j < found.size(); ++j)
      mean[j] += found[j] * static_cast<double>(classes) / static_cast<double>(train.size());
  }
  std::size_t right = 0;
  for (std::size_t i = 0; i < test.size(); ++i) {
    const std::vector<double> found = features_of(test, i);
    const auto nearest = std::min_element(means.begin(), means.end(), [&](const auto& a, const auto& b) {
      return squared_distance(found, a) < squared_distance(found, b);
    });
    if (nearest - means.begin() == test.labels[i]) ++right;
  }
  return static_cast<double>(right) / static_cast<double>(test.size());
}

TEST_F(SyntheticTest, ClassesCanBeLearntButNotFromSinglePixels) {
  const std::string options = "{train_size: 500, test_size: 200, channels: 1}";
  const Images train = load(options);
  const Images test = load(options, Split::test);
  EXPECT_GT(nearest_mean_accuracy(train, test, 10, features), 0.95);
  const auto pixels = [](const Images& images, std::size_t i) {
    return std::vector<double>(images.image(i).begin(), images.image(i).end());
  };
  EXPECT_LT(nearest_mean_accuracy(train, test, 10, pixels), 0.5);
}

TEST_F(SyntheticTest, AHundredClassesCanBeLearnt) {
  const std::string options = "{classes: 100, train_size: 2000, test_size: 300, channels: 1, noise: 0.02}";
  EXPECT_GT(nearest_mean_accuracy(load(options), load(options, Split::test), 100, features), 0.6);
}

}  // namespace
}  // namespace espalier
