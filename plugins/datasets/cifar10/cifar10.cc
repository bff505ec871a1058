#include <string>
#include <vector>

#include "espalier/plugin/plugin.h"
#include "records.h"

using namespace espalier;

namespace {

const Source kSource = {
    .title = "CIFAR-10",
    .folder = "cifar-10-batches-bin",
    .layout = "cifar-10-batches-bin/ with data_batch_1.bin to data_batch_5.bin and test_batch.bin",
    .remedy =
        "unpack https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz "
        "(MD5 c32a1d4ab5d03f1284b67883e8d87530)"};

constexpr int kTrainFiles = 5;

}  // namespace

/// CIFAR-10 (Krizhevsky, 2009), from its binary files.
class Cifar10 final : public Dataset {
 public:
  explicit Cifar10(const Config& config) : files_(kSource, config) {}

 protected:
  Shape shape_impl() const override { return {.channels = 3, .height = 32, .width = 32}; }
  std::size_t classes_impl() const override { return 10; }
  /// Mean and deviation over all pixels of the training images, as in DARTS and NAS-Bench-201. The deviations
  /// 0.2023, 0.1994, 0.2010 that are also common are means of those of single images.
  Normalization normalization_impl() const override {
    return {.mean = {0.4914F, 0.4822F, 0.4465F}, .standard_deviation = {0.2470F, 0.2435F, 0.2616F}};
  }

  std::vector<std::string> class_names_impl() const override {
    return {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
  }

  Images read_impl(Split split) const override {
    const RecordLayout layout{.label_bytes = 1, .label_position = 0, .classes = classes()};
    Images images{.shape = shape(), .pixels = {}, .labels = {}};
    if (split == Split::test) {
      append_records(files_, "test_batch.bin", layout, images);
    } else {
      for (int i = 1; i <= kTrainFiles; ++i) {
        append_records(files_, "data_batch_" + std::to_string(i) + ".bin", layout, images);
      }
    }
    return images;
  }

 private:
  DatasetFiles files_;
};

ESPALIER_DATASET(cifar10, Cifar10, "1.0.0")
