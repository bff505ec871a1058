#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "espalier/config/config.h"
#include "espalier/network/compile/network.h"
#include "espalier/network/training/augmentation.h"
#include "espalier/network/training/batch.h"
#include "espalier/network/training/image_set.h"
#include "espalier/plugin/export.h"
#include "espalier/search/journal.h"
#include "espalier/space/architecture.h"

namespace espalier {

class SearchSpace;

/// How an architecture is trained from scratch; by default as in DARTS (Liu 2019).
struct ScratchOptions {
  int epochs = 600;
  std::size_t batch_size = 96;
  double learning_rate = 0.025;    ///< falls along a cosine
  double learning_rate_min = 0.0;  ///< to this
  double momentum = 0.9;
  double weight_decay = 3e-4;
  double clip = 5.0;              ///< of the gradient's norm; 0: none
  double auxiliary_weight = 0.4;  ///< of the auxiliary head's loss, where the space has such a head
  double drop_path = 0.2;         ///< rises from 0 to this, linearly with the epochs
  Augmentation augmentation = {.crop_padding = 4, .flip = true, .cutout = 16};

  /// Reads the options of these names.
  static ESPALIER_EXPORT ScratchOptions from(const Config& config, const ScratchOptions& defaults);
};

/// The training of one architecture's network from random weights.
///
/// What it comes to depends on the arguments alone, and not on where it was interrupted.
class ESPALIER_EXPORT ScratchTraining {
 public:
  /// Throws UsageError for a batch larger than `train`, and what check() of the space does.
  ScratchTraining(const SearchSpace& space, const Architecture& architecture, const ImageSet& train,
                  const ScratchOptions& options, const CompileOptions& compile, std::uint64_t seed);
  ~ScratchTraining();

  /// Trains to the last epoch, from the journal's checkpoint where it has one. Each epoch is an event:
  /// epoch (from 1), train_loss, train_accuracy in percent. Throws Error when a loss is not finite,
  /// Interrupted after a checkpoint when the journal asks to stop.
  void run(Journal& journal);
  /// What the network makes of images that it was not trained on, none of them augmented.
  BatchResult test(const ImageSet& images);

  Network& network();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace espalier
