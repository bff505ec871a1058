#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "espalier/data/dataset.h"
#include "espalier/network/training/augmentation.h"
#include "espalier/network/training/batch.h"
#include "espalier/network/training/image_set.h"
#include "espalier/plugin/export.h"

namespace espalier {

struct CompileOptions;

/// How a DataLoader makes batches of a split.
struct LoaderOptions {
  std::size_t batch_size = 64;
  bool shuffle = true;  ///< in another order in each epoch
  /// In each epoch as many images of each class as of any other, and as many of all as the split has: images
  /// of small classes several times, and some of large ones not at all. Only where `shuffle` is true.
  bool balanced = false;
  Augmentation augmentation = Augmentation::none();
  std::uint64_t seed = 0;
  bool drop_last = false;  ///< leaves out a last batch that is not full
  at::ScalarType dtype = at::kFloat;
  bool channels_last = true;
  at::Device device = at::kCPU;
  std::size_t prefetch = 2;  ///< how many batches are prepared ahead, at most

  /// Batches of the type, in the memory format and on the device of networks that are compiled so.
  static ESPALIER_EXPORT LoaderOptions from(const CompileOptions& compile);
};

/// The batches of a split, which a background thread prepares while the network computes.
///
/// A batch is a function of the options, the epoch and its place in the epoch. It depends neither on threads
/// nor on where a run was resumed. All functions are [one-thread].
class ESPALIER_EXPORT DataLoader {
 public:
  /// `indices` name the split within `images`, which outlive the loader. Throws UsageError when the
  /// batch is larger than the split.
  DataLoader(const Images& images, const Normalization& normalization, std::vector<std::uint32_t> indices,
             const LoaderOptions& options);
  /// The same for an image set, which outlives the loader. No image is flipped that may not be mirrored.
  DataLoader(const ImageSet& images, LoaderOptions options);
  ~DataLoader();

  /// How many batches an epoch has.
  std::size_t batches() const;
  /// Starts an epoch at any of its batches; an epoch that is under way ends.
  void begin_epoch(std::uint64_t epoch, std::size_t first_batch = 0);
  /// The next batch of the epoch, on the device. Throws what its preparation threw, and Error when the epoch
  /// has no more.
  Batch next();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Indices of images in two parts.
struct IndexSplit {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> validation;
};

/// Divides 0 … count - 1 at random: `fraction` of them, rounded down, are for training. Throws UsageError
/// when one part is empty.
ESPALIER_EXPORT IndexSplit split_indices(std::size_t count, double fraction, std::uint64_t seed);

}  // namespace espalier
