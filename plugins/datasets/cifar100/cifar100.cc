#include "espalier/plugin/plugin.h"
#include "records.h"

using namespace espalier;

namespace {

const Source kSource = {.title = "CIFAR-100",
                        .folder = "cifar-100-binary",
                        .layout = "cifar-100-binary/ with train.bin and test.bin",
                        .remedy =
                            "unpack https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz "
                            "(MD5 03b5dce01913d631647c71ecec9e9cb8)"};

}  // namespace

/// CIFAR-100 (Krizhevsky, 2009), from its binary files, with its 100 fine labels.
class Cifar100 final : public Dataset {
 public:
  explicit Cifar100(const Config& config) : files_(kSource, config) {}

 protected:
  Shape shape_impl() const override { return {.channels = 3, .height = 32, .width = 32}; }
  std::size_t classes_impl() const override { return 100; }
  /// Mean and deviation over all pixels of the training images.
  Normalization normalization_impl() const override {
    return {.mean = {0.5071F, 0.4865F, 0.4409F}, .standard_deviation = {0.2673F, 0.2564F, 0.2762F}};
  }

  Images read_impl(Split split) const override {
    Images images{.shape = shape(), .pixels = {}, .labels = {}};
    // The coarse label comes before the fine one.
    append_records(files_, split == Split::test ? "test.bin" : "train.bin",
                   {.label_bytes = 2, .label_position = 1, .classes = classes()}, images);
    return images;
  }

 private:
  DatasetFiles files_;
};

ESPALIER_DATASET(cifar100, Cifar100, "1.0.0")
