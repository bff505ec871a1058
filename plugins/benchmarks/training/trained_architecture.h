#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

#include "espalier/network/training/scratch_training.h"

/// What a training gave after some epochs.
struct Accuracies {
  double validation = 0.0;  ///< percent
  double test = 0.0;        ///< percent
};

/// The training of one architecture, which goes as far as it is asked to and continues from there when it is
/// asked for more. All functions are [any-thread].
class TrainedArchitecture {
 public:
  /// How it is trained, and where what it gives is kept beyond the run.
  struct Callbacks {
    std::function<std::unique_ptr<espalier::ScratchTraining>()> make;
    std::function<Accuracies(espalier::ScratchTraining&)> test;
    std::function<std::optional<Accuracies>(int epoch)> find;
    std::function<void(int epoch, const Accuracies&)> keep;
  };

  /// The accuracies after so many epochs of the schedule, which has `last` epochs. Each is computed once.
  /// Whether it was kept, or the training continues from its state or starts anew, it gives the same bits.
  Accuracies after(int epoch, int last, const Callbacks& callbacks);
  /// Forgets the state from which the training would continue, to save memory.
  void forget_state();

 private:
  std::mutex mutex_;
  std::map<int, Accuracies> known_;
  std::unique_ptr<nlohmann::json> state_;  ///< of the longest training that was cut
  int state_epoch_ = 0;
};
