#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "espalier/config/config.h"
#include "espalier/network/compile/network.h"
#include "espalier/network/training/augmentation.h"
#include "espalier/network/training/batch.h"
#include "espalier/network/training/image_set.h"
#include "espalier/network/training/sgd_options.h"
#include "espalier/plugin/export.h"
#include "espalier/search/class_result.h"
#include "espalier/search/journal.h"
#include "espalier/space/architecture.h"

namespace espalier {

class SearchSpace;

/// How an architecture is trained from scratch; by default as in DARTS (Liu 2019).
struct ScratchOptions {
  SgdOptions sgd = {.epochs = 600, .batch_size = 96, .learning_rate_min = 0.0};
  double auxiliary_weight = 0.4;  ///< of the auxiliary head's loss, where the space has such a head
  double drop_path = 0.2;         ///< the probability of dropping a path, to which it rises linearly from 0
  Augmentation augmentation = {.crop_padding = 4, .flip = true, .cutout = 16};

  /// Reads the options of these names.
  static ESPALIER_EXPORT ScratchOptions from(const Config& config, const ScratchOptions& defaults);
};

/// How well a network did on an image set, and on each class of it.
struct TestResult : BatchResult {
  std::vector<ClassResult> classes;  ///< by label
};

/// The training of one architecture's network from random weights.
///
/// The result depends on the arguments alone, and not on where the training was interrupted. All functions
/// are [one-thread].
class ESPALIER_EXPORT ScratchTraining {
 public:
  /// Throws UsageError for a batch larger than `train`, and what SearchSpace::check() throws.
  ScratchTraining(const SearchSpace& space, const Architecture& architecture, const ImageSet& train,
                  const ScratchOptions& options, const CompileOptions& compile, std::uint64_t seed);
  ~ScratchTraining();

  /// Trains to the last epoch, and continues from the journal's checkpoint where it has one. Each epoch is an
  /// event, with train_loss and train_accuracy (percent). Throws Error when a loss is not finite, and
  /// Interrupted after a checkpoint when the journal asks to stop.
  void run(Journal& journal);
  /// Trains until so many epochs of the same schedule are done, and does nothing when they are already. To
  /// train on from there gives the same bits as to train at once.
  void run_until(int epoch, Journal& journal);
  /// How many epochs are done.
  int epoch() const;
  /// The whole state between two epochs, from which a training with the same arguments continues.
  nlohmann::json save() const;
  /// Continues from what save() returned. Throws Error when it is damaged.
  void load(const nlohmann::json& state);
  /// The loss and the accuracy on images, which are not augmented.
  TestResult test(const ImageSet& images);

  Network& network();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace espalier
