#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "arithmetic.h"
#include "genotype.h"

namespace nasbench301 {

/// The neural surrogate of YAHPO Gym (Pfisterer et al., 2022), trained on the trainings of NAS-Bench-301. It
/// reads an embedding of what stands on each edge and of each node's pair of inputs, and the epoch; three
/// branches of layers with SELU between them are added. All functions are [any-thread].
class NeuralSurrogate {
 public:
  static constexpr int kEpochs = 98;  ///< the longest training that it knows

  struct Figures {
    double validation_accuracy = 0.0;  ///< in percent
    double train_seconds = 0.0;        ///< from the first epoch on
  };

  /// Of a file of scripts/pack-nasbench301, which must have the published checksum if `verify`. Throws Error,
  /// naming the file, when it is missing, damaged, altered or another one.
  static NeuralSurrogate read(const std::filesystem::path& file, bool verify);

  /// After 1 to kEpochs epochs.
  Figures after(int epochs, const Genotype& genotype) const;

 private:
  struct Layer {
    Matrix weights;
    std::vector<float> bias;  ///< padded
  };

  /// The sum of the first layers' biases and of what each category adds to them: the embeddings are never
  /// seen.
  std::vector<float> first_layers(int epochs, const Genotype& genotype) const;

  std::vector<float> categories_;  ///< [category, output of a first layer]
  std::vector<float> bias_;        ///< of the first layers
  std::vector<float> by_epoch_;    ///< their weights of the epoch
  std::vector<Layer> deep_;        ///< after the first
  std::vector<Layer> deeper_;      ///< after the first
};

}  // namespace nasbench301
