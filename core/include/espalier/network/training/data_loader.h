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
#include "espalier/plugin/export.h"

namespace espalier {

/// How a DataLoader makes batches of a split.
struct LoaderOptions {
  std::size_t batch_size = 64;
  bool shuffle = true;  ///< anew in each epoch
  Augmentation augmentation = Augmentation::none();
  std::uint64_t seed = 0;
  bool drop_last = false;  ///< leaves out a last batch that is not full
  at::ScalarType dtype = at::kFloat;
  bool channels_last = true;
  at::Device device = at::kCPU;
  std::size_t prefetch = 2;  ///< batches prepared ahead, at most
};

/// The batches of a split, prepared by a thread of its own while the network computes.
///
/// A batch is a function of the options, the epoch and its place in it: neither the thread nor where a
/// run was resumed shows. For one thread to use.
class ESPALIER_EXPORT DataLoader {
 public:
  /// `indices` name the split within `images`, which outlive the loader. Throws UsageError when the
  /// batch is larger than the split.
  DataLoader(const Images& images, const Normalization& normalization, std::vector<std::uint32_t> indices,
             const LoaderOptions& options);
  ~DataLoader();

  /// Batches in an epoch.
  std::size_t batches() const;
  /// Starts an epoch, at any batch of it; an epoch under way ends.
  void begin_epoch(std::uint64_t epoch, std::size_t first_batch = 0);
  /// The next batch of the epoch, on the device. Throws what its preparation threw, and Error where the
  /// epoch has no more.
  Batch next();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The indices of images in two parts.
struct IndexSplit {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> validation;
};

/// Divides 0 … count - 1 at random; `fraction` of them, rounded down, train. Throws UsageError when one
/// part is empty.
ESPALIER_EXPORT IndexSplit split_indices(std::size_t count, double fraction, std::uint64_t seed);

}  // namespace espalier
