#include "espalier/plugin/plugin.h"
#include "records.h"

using namespace espalier;

namespace {

const Source kSource = {
    .title = "ImageNet16-120",
    .folder = "imagenet16-120",
    .layout = "imagenet16-120/ with train.bin and test.bin, as scripts/pack-imagenet16 writes them",
    .remedy =
        "get the ImageNet16 pickles that https://github.com/D-X-Y/NAS-Bench-201 links to and run "
        "scripts/pack-imagenet16 on their folder"};

}  // namespace

/// ImageNet16-120 of NAS-Bench-201 (Dong & Yang, 2020): the first 120 classes of ImageNet at 16×16
/// (Chrabaszcz et al., 2017), from packed files. A record is a label byte, 0 to 119, and 768 pixel bytes.
class ImageNet16 final : public Dataset {
 public:
  explicit ImageNet16(const Config& config) : files_(kSource, config) {}

 protected:
  Shape shape_impl() const override { return {.channels = 3, .height = 16, .width = 16}; }
  std::size_t classes_impl() const override { return 120; }
  /// The values of NAS-Bench-201.
  Normalization normalization_impl() const override {
    return {.mean = {122.68F / 255, 116.66F / 255, 104.01F / 255},
            .standard_deviation = {63.22F / 255, 61.26F / 255, 65.09F / 255}};
  }

  Images read_impl(Split split) const override {
    Images images{.shape = shape(), .pixels = {}, .labels = {}};
    append_records(files_, split == Split::test ? "test.bin" : "train.bin",
                   {.label_bytes = 1, .label_position = 0, .classes = classes()}, images);
    return images;
  }

 private:
  DatasetFiles files_;
};

ESPALIER_DATASET(imagenet16_120, ImageNet16, "1.0.0")
