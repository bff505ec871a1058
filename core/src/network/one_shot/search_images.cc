#include "espalier/network/one_shot/search_images.h"

#include <optional>

#include "espalier/random/random.h"

namespace espalier {

/// Batches by index, read ahead while the indices follow each other.
class SearchImages::Source {
 public:
  Source(const ImageSet& images, const LoaderOptions& options) : images_(images), loader_(images_, options) {}

  std::uint64_t batches() const { return loader_.batches(); }

  /// Batches of one epoch after the other; without `reshuffled` all epochs have the order of the first.
  Batch at(std::uint64_t index, bool reshuffled) {
    const std::uint64_t place = index % batches();
    if (next_ != index || place == 0) loader_.begin_epoch(reshuffled ? index / batches() : 0, place);
    next_ = index + 1;
    return loader_.next();
  }

 private:
  ImageSet images_;
  DataLoader loader_;
  std::optional<std::uint64_t> next_;  ///< the index that the loader is at
};

namespace {

LoaderOptions options_of_train(LoaderOptions options) {
  options.seed = Rng(options.seed, "search images, train")();
  options.drop_last = true;
  return options;
}

LoaderOptions options_of_validation(LoaderOptions options) {
  options.seed = Rng(options.seed, "search images, validation")();
  options.augmentation = Augmentation::none();
  options.drop_last = false;
  return options;
}

}  // namespace

SearchImages::SearchImages(const DividedImages& images, const LoaderOptions& loader)
    : train_(std::make_unique<Source>(images.train, options_of_train(loader))),
      validation_(std::make_unique<Source>(images.validation, options_of_validation(loader))) {}
SearchImages::~SearchImages() = default;

Batch SearchImages::train(std::uint64_t index) { return train_->at(index, /*reshuffled=*/true); }
Batch SearchImages::validation(std::uint64_t index) { return validation_->at(index, /*reshuffled=*/false); }
std::uint64_t SearchImages::validation_batches() const { return validation_->batches(); }

}  // namespace espalier
