#pragma once

#include <cstddef>
#include <cstdint>

#include "espalier/config/config.h"
#include "espalier/network/training/augmentation.h"
#include "espalier/network/training/sgd_options.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// What moves the weights of a network that is trained from scratch. Both decay all of them, also those of
/// batch norms and biases, as LibTorch's optimizers do where they are told nothing else.
enum class WeightsOptimizer {
  sgd,   ///< with momentum; the weight decay is added to the gradient
  adamw  ///< Loshchilov & Hutter 2019: β1 is SgdOptions::momentum, β2 0.999 and ε 1e-8
};

/// How an architecture is trained from scratch; by default as in DARTS (Liu 2019).
struct ScratchOptions {
  SgdOptions sgd = {.epochs = 600, .batch_size = 96, .learning_rate_min = 0.0};
  double auxiliary_weight = 0.4;  ///< of the auxiliary head's loss, where the space has such a head
  double drop_path = 0.2;         ///< the probability of dropping a path, to which it rises linearly from 0
  Augmentation augmentation = {.crop_padding = 4, .flip = true, .cutout = 16};
  WeightsOptimizer weights_optimizer = WeightsOptimizer::sgd;
  int warm_up_epochs = 0;        ///< in which the learning rate rises linearly from 0, below sgd.epochs
  double label_smoothing = 0.0;  ///< the share of each label that all classes get (Szegedy et al. 2016)
  double mixup = 0.0;            ///< α of mixup (Zhang et al. 2018); 0: none
  /// The share of the moving average of the weights that a step leaves, once enough steps are done; 0: no
  /// average, and the weights themselves are tested.
  double ema = 0.0;
  bool class_weights = false;      ///< whether an image of a class weighs n / (k n_c) in the training loss
  bool balanced_sampling = false;  ///< LoaderOptions::balanced

  /// Reads the options of these names; class_weights and sampling are "balanced" or not. Under adamw, the
  /// defaults of learning_rate and weight_decay are those of PyTorch, 0.001 and 0.01. Throws UsageError for
  /// options that contradict one another, too.
  static ESPALIER_EXPORT ScratchOptions from(const Config& config, const ScratchOptions& defaults);

  /// The learning rate of a step, both counted from 0, of an epoch of `steps` steps: in the W epochs of
  /// warm-up, learning_rate (epoch · steps + step + 1) / (W · steps), and then half a cosine over the epochs
  /// that are left, as SgdOptions::learning_rate_in() has it. It is constant in such an epoch.
  ESPALIER_EXPORT double learning_rate_in(int epoch, std::size_t step, std::size_t steps) const;
  /// The probability of dropping a path in an epoch, which counts from 0: drop_path · epoch / epochs.
  ESPALIER_EXPORT double drop_path_in(int epoch) const;
  /// How much of the average of the weights is left by the update after so many: min(ema, (1 + u) / (10 +
  /// u)), so that an average does not remember the first weights for long. The first update, whose `updates`
  /// is 0, takes the weights as they are.
  ESPALIER_EXPORT double ema_after(std::uint64_t updates) const;
};

}  // namespace espalier
