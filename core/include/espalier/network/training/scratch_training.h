#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "espalier/network/compile/network.h"
#include "espalier/network/compile/weights_file.h"
#include "espalier/network/training/batch.h"
#include "espalier/network/training/image_set.h"
#include "espalier/network/training/scratch_options.h"
#include "espalier/network/training/training_limits.h"
#include "espalier/plugin/export.h"
#include "espalier/search/class_result.h"
#include "espalier/search/journal.h"
#include "espalier/space/architecture.h"

namespace espalier {

class SearchSpace;

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

  /// Begins with weights of an earlier training instead of random ones, as take_weights() takes them. Call it
  /// before the first step. The event of the first epoch says how many were taken, in taken_parameters and
  /// fresh_parameters. Throws what take_weights() throws.
  TakenWeights begin_with(const std::filesystem::path& weights);

  /// Trains to the last epoch, or until one of `limits` ends it, and continues from the journal's checkpoint
  /// where it has one. Each epoch is an event, with train_loss and train_accuracy (percent), both of the
  /// training images as they were varied, mixed and weighted. With patience it has validation_accuracy and
  /// best_epoch, too, and with minutes the number of epochs that was chosen, `epochs`. The journal keeps that
  /// number at once: a training that continues measures nothing. Throws Error when a loss is not finite, and
  /// Interrupted after a checkpoint when the journal asks to stop.
  void run(Journal& journal, const TrainingLimits& limits = {});
  /// Trains until so many epochs of the same schedule are done, and does nothing when they are already. To
  /// train on from there gives the same bits as to train at once.
  void run_until(int epoch, Journal& journal);
  /// How many epochs are done.
  int epoch() const;
  /// The whole state between two epochs, from which a training with the same arguments continues.
  nlohmann::json save() const;
  /// Continues from what save() returned. Throws Error when it is damaged.
  void load(const nlohmann::json& state);

  /// The loss and the accuracy on images, which are not augmented, of the weights that the training gives:
  /// the averaged ones under `ema`, those of the best epoch after a run with patience, and otherwise the
  /// current ones. The loss is the plain cross entropy.
  TestResult test(const ImageSet& images);
  /// These weights as the bytes of a file, as save_weights() makes it.
  std::string weights();

  /// The network, with its current weights.
  Network& network();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace espalier
