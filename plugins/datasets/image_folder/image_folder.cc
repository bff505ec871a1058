#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "class_folders.h"
#include "damaged_images.h"
#include "espalier/data/dataset.h"
#include "espalier/data/reads_pictures.h"
#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin.h"
#include "espalier/random/random.h"
#include "picture.h"

using namespace espalier;
namespace fs = std::filesystem;

/// A user's own images, with a folder for each class.
class ImageFolder final : public Dataset, public ReadsPictures {
 public:
  explicit ImageFolder(const Config& config)
      : folder_(
            config.path("folder",
                        "the path of the folder that holds train/CLASS/ and test/CLASS/, or CLASS/ alone, "
                        "with PNG, JPEG, WebP, GIF, TIFF or BMP images")),
        image_size_(config.integer<std::size_t>(
            "image_size", 32, "the height and width in pixels that the middle of each image is scaled to",
            between(1, 1024))),
        test_share_(config.number("test_share", 0.0,
                                  "the fraction of each class's images that is held out as test images when "
                                  "there is no test/",
                                  between(0.0, 0.9))),
        seed_(config.integer<std::uint64_t>("seed", 0, "the seed by which test_share chooses images")),
        skip_damaged_(config.boolean("skip_damaged", false,
                                     "pass over images that cannot be read, with a warning, instead of "
                                     "refusing the folder")),
        mirror_(config.boolean("mirror", true,
                               "whether training may mirror the images; false where left and right matter, "
                               "as in digits or writing")),
        where_(to_string(config.where("folder"))),
        where_test_share_(to_string(config.where("test_share"))) {}

  std::vector<std::uint8_t> read_picture(const fs::path& file, const Shape& image) const override {
    if (image.channels != 1 && image.channels != 3)
      throw UsageError({.what = fmt::format("a picture has no {} channels", image.channels),
                        .where = file.string(),
                        .expected = "a network for images of 1 channel (gray) or 3 (red, green, blue)"});
    const auto height = static_cast<std::size_t>(image.height);
    const auto width = static_cast<std::size_t>(image.width);
    Picture picture = decode(file);
    if (image.channels == 1) picture = grayscale(std::move(picture));
    std::vector<std::uint8_t> pixels = scaled_center(picture, width, height);
    pixels.resize(static_cast<std::size_t>(image.elements()));
    return pixels;
  }

 protected:
  Shape shape_impl() const override {
    const auto side = static_cast<int>(image_size_);
    return {.channels = 3, .height = side, .width = side};
  }
  std::size_t classes_impl() const override { return folders().train.size(); }
  std::vector<std::string> class_names_impl() const override {
    std::vector<std::string> names(folders().train.size());
    std::ranges::transform(folders().train, names.begin(), &ClassFolder::name);
    return names;
  }
  /// The values of ImageNet, which are customary for photographs.
  Normalization normalization_impl() const override {
    return {.mean = {0.485F, 0.456F, 0.406F}, .standard_deviation = {0.229F, 0.224F, 0.225F}};
  }
  std::string preparation_impl() const override {
    return fmt::format(
        "turned as EXIF says, made RGB with transparency on white, the largest square in the middle scaled "
        "to {0}×{0} (linear, over all pixels that become one)",
        image_size_);
  }
  bool may_be_mirrored_impl() const override { return mirror_; }

  Images read_impl(Split split) const override {
    const ImageFolders& found = folders();
    check_test(split, found);
    Images images{.shape = shape(), .pixels = {}, .labels = {}};
    DamagedImages damaged;
    const std::vector<ClassFolder> classes = of_split(split);
    for (std::size_t label = 0; label < classes.size(); ++label) {
      const std::size_t before = images.size();
      for (const fs::path& file : classes[label].images) {
        check_stop();
        const std::optional<Picture> picture = damaged.decode(file);
        if (!picture) continue;
        const std::vector<std::uint8_t> pixels = scaled_center(*picture, image_size_, image_size_);
        images.pixels.insert(images.pixels.end(), pixels.begin(), pixels.end());
        images.labels.push_back(static_cast<std::uint16_t>(label));
      }
      if (skip_damaged_ && images.size() == before && !classes[label].images.empty())
        throw Error({.what = fmt::format("no image of the class {} can be read", classes[label].name),
                     .where = classes[label].images.front().parent_path().string(),
                     .expected = "at least one undamaged image in each class",
                     .remedy = "add one, or remove the folder of the class"});
    }
    if (!damaged.empty() && !skip_damaged_) refuse_all(split, damaged);
    for (std::string& note : notes(split, found, damaged)) images.notes.push_back(std::move(note));
    return images;
  }

 private:
  /// Looked at once: names alone, which is quick.
  const ImageFolders& folders() const {
    const std::lock_guard lock(mutex_);
    if (found_) return *found_;
    if (folder_.empty())
      throw UsageError({.what = "the dataset \"image_folder\" has no folder",
                        .where = where_,
                        .expected = "folder: the path of a folder that holds train/CLASS/ and test/CLASS/"});
    ImageFolders found = look_into(folder_);
    if (found.test && test_share_ > 0.0)
      throw UsageError({.what = "test_share holds test images out, but there is a folder of test images",
                        .where = where_test_share_,
                        .expected = "either test_share or " + (folder_ / "test").string(),
                        .remedy = "leave test_share out, or move test/ away"});
    return found_.emplace(std::move(found));
  }

  void check_test(Split split, const ImageFolders& found) const {
    if (split == Split::train || found.test || test_share_ > 0.0) return;
    std::string nearest;
    std::error_code ignored;
    for (const char* name : {"val", "valid", "validation", "Test", "testing"})
      if (fs::is_directory(folder_ / name, ignored)) nearest = (folder_ / name).string();
    const fs::path around = folder_.parent_path();  // of train/, where someone named that
    if (folder_.filename() == "train" && fs::is_directory(around / "test", ignored))
      nearest = around.string();
    throw Error({.what = "the image folder has no test images",
                 .where = (folder_ / "test").string(),
                 .expected = "test/CLASS/ beside train/CLASS/",
                 .nearest = nearest,
                 .remedy = "add it, or hold out some of the training images, e.g. test_share: 0.2"});
  }

  std::vector<ClassFolder> of_split(Split split) const {
    const ImageFolders& found = folders();
    if (found.test) return split == Split::test ? *found.test : found.train;
    std::vector<ClassFolder> classes = found.train;
    for (std::size_t label = 0; label < classes.size(); ++label)
      classes[label].images = part(classes[label].images, split, label);
    return classes;
  }

  /// The images of a class that are held out, or the others. The choice is random, but always the same. Of
  /// two or more images each part has one.
  std::vector<fs::path> part(const std::vector<fs::path>& files, Split split, std::size_t label) const {
    Rng rng(seed_, "image_folder.test", label);
    auto wanted = static_cast<std::size_t>(std::lround(static_cast<double>(files.size()) * test_share_));
    if (test_share_ > 0.0)
      wanted = std::clamp<std::size_t>(wanted, files.size() > 1 ? 1 : 0, files.size() - 1);
    std::vector<fs::path> chosen;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const bool held_out = rng.below(files.size() - i) < wanted;
      if (held_out) --wanted;
      if (held_out == (split == Split::test)) chosen.push_back(files[i]);
    }
    return chosen;
  }

  /// One message for all: those of the other split would come next.
  [[noreturn]] void refuse_all(Split split, DamagedImages& damaged) const {
    const bool has_other = folders().test || test_share_ > 0.0;
    if (has_other) {
      for (const ClassFolder& each : of_split(split == Split::train ? Split::test : Split::train))
        for (const fs::path& file : each.images) {
          check_stop();
          damaged.decode(file);
        }
    }
    damaged.refuse(folder_);
  }

  static std::vector<std::string> notes(Split split, const ImageFolders& found,
                                        const DamagedImages& damaged) {
    std::vector<std::string> all;
    // Without test/ both splits come from one folder, and once is enough.
    if (split == Split::train) all.push_back(note_of(found.train_others));
    if (split == Split::test) all.push_back(note_of(found.test_others));
    all.push_back(damaged.note());
    std::erase(all, "");
    return all;
  }

  fs::path folder_;
  std::size_t image_size_;
  double test_share_;
  std::uint64_t seed_;
  bool skip_damaged_;
  bool mirror_;
  std::string where_;
  std::string where_test_share_;
  mutable std::mutex mutex_;
  mutable std::optional<ImageFolders> found_;
};

ESPALIER_DATASET(image_folder, ImageFolder, "1.0.0")
