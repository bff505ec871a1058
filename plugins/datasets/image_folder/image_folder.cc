#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "class_folders.h"
#include "espalier/data/dataset.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/random/random.h"
#include "picture.h"

using namespace espalier;
namespace fs = std::filesystem;

/// A user's own PNG and JPEG images, with a folder for each class.
class ImageFolder final : public Dataset {
 public:
  explicit ImageFolder(const Config& config)
      : folder_(
            config.string("folder", "",
                          "the path of the folder that holds train/CLASS/ and test/CLASS/ with PNG and JPEG "
                          "images")),
        image_size_(config.integer<std::size_t>(
            "image_size", 32, "the height and width in pixels that the middle of each image is scaled to",
            between(1, 1024))),
        test_share_(
            config.number("test_share", 0.0,
                          "the fraction of each class's training images that is held out as test images "
                          "when there is no test/",
                          between(0.0, 0.9))),
        where_(to_string(config.where("folder"))) {}

 protected:
  Shape shape_impl() const override {
    const auto side = static_cast<int>(image_size_);
    return {.channels = 3, .height = side, .width = side};
  }
  std::size_t classes_impl() const override { return class_folder_names(folder() / "train").size(); }
  std::vector<std::string> class_names_impl() const override {
    return class_folder_names(folder() / "train");
  }
  /// The values of ImageNet, which are customary for photographs.
  Normalization normalization_impl() const override {
    return {.mean = {0.485F, 0.456F, 0.406F}, .standard_deviation = {0.229F, 0.224F, 0.225F}};
  }

  Images read_impl(Split split) const override {
    const std::vector<std::string> names = class_folder_names(folder() / "train");
    std::error_code ignored;
    const bool test_folder = fs::exists(folder() / "test", ignored);
    if (split == Split::test) check_test(names, test_folder);
    const fs::path from = folder() / (split == Split::test && test_folder ? "test" : "train");

    Images images{.shape = shape(), .pixels = {}, .labels = {}};
    for (std::size_t label = 0; label < names.size(); ++label) {
      std::vector<fs::path> files = image_files(from / names[label]);
      if (!test_folder) files = part(files, split, label);
      for (const fs::path& file : files) {
        check_stop();
        const std::vector<std::uint8_t> pixels = center_square(decode(file), image_size_);
        images.pixels.insert(images.pixels.end(), pixels.begin(), pixels.end());
        images.labels.push_back(static_cast<std::uint16_t>(label));
      }
    }
    return images;
  }

 private:
  fs::path folder() const {
    if (!folder_.empty()) return folder_;
    throw UsageError({.what = "the dataset \"image_folder\" has no folder",
                      .where = where_,
                      .expected = "folder: the path of a folder that holds train/CLASS/ and test/CLASS/"});
  }

  /// Test images need a folder with the classes of the training images, or a share that is held out of these.
  void check_test(const std::vector<std::string>& names, bool test_folder) const {
    if (!test_folder && test_share_ == 0.0) {
      throw Error({.what = "the image folder has no test images",
                   .where = (folder() / "test").string(),
                   .expected = "test/CLASS/ beside train/CLASS/",
                   .remedy = "add it, or hold out some of the training images, e.g. test_share: 0.2"});
    }
    if (test_folder && class_folder_names(folder() / "test") != names) {
      throw Error(
          {.what = fmt::format("the classes of the test images are {}",
                               fmt::join(class_folder_names(folder() / "test"), ", ")),
           .where = (folder() / "test").string(),
           .expected = fmt::format("the classes of the training images: {}", fmt::join(names, ", "))});
    }
  }

  /// The images of a class that are held out, or the others. The choice is random, but always the same.
  std::vector<fs::path> part(const std::vector<fs::path>& files, Split split, std::size_t label) const {
    Rng rng(0, "image_folder.test", label);
    auto wanted = static_cast<std::size_t>(std::lround(static_cast<double>(files.size()) * test_share_));
    std::vector<fs::path> chosen;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const bool held_out = rng.below(files.size() - i) < wanted;
      if (held_out) --wanted;
      if (held_out == (split == Split::test)) chosen.push_back(files[i]);
    }
    return chosen;
  }

  std::string folder_;
  std::size_t image_size_;
  double test_share_;
  std::string where_;
};

ESPALIER_DATASET(image_folder, ImageFolder, "1.0.0")
