#pragma once

#include <cstdint>
#include <memory>

#include "espalier/network/training/augmentation.h"
#include "espalier/network/training/batch.h"
#include "espalier/network/training/data_loader.h"
#include "espalier/network/training/image_options.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// The images of a one-shot search, for what a method does beside its steps: judge architectures, train a
/// controller, or measure batch norms anew. A batch is a function of its index and the seed alone, so that a
/// search that is resumed sees the same. All functions are [one-thread].
class ESPALIER_EXPORT SearchImages {
 public:
  /// `loader` says how batches are made; its augmentation serves the training images alone. Throws UsageError
  /// when a part has fewer images than a batch.
  SearchImages(const DividedImages& images, const LoaderOptions& loader);
  ~SearchImages();

  /// A full batch of the images that the weights learn from, augmented: any index, since the images come
  /// again, in another order, when all have been used. It costs least to ask for one index after another.
  Batch train(std::uint64_t index);
  /// A batch of the other images, which are not augmented and always come in the same random order. Requires
  /// index < validation_batches(); the last batch may be smaller.
  Batch validation(std::uint64_t index);
  std::uint64_t validation_batches() const;

 private:
  class Source;
  std::unique_ptr<Source> train_;
  std::unique_ptr<Source> validation_;
};

}  // namespace espalier
