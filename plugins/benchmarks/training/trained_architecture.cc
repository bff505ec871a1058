#include "trained_architecture.h"

#include "espalier/search/journal.h"

Accuracies TrainedArchitecture::after(int epoch, int last, const Callbacks& callbacks) {
  const std::lock_guard lock(mutex_);
  if (const auto known = known_.find(epoch); known != known_.end()) return known->second;
  if (const auto kept = callbacks.find(epoch)) return known_[epoch] = *kept;
  const auto training = callbacks.make();
  if (state_ && state_epoch_ <= epoch) training->load(*state_);
  espalier::NullJournal journal;
  training->run_until(epoch, journal);
  if (epoch == last) {
    state_.reset();
  } else if (epoch > state_epoch_) {
    state_ = std::make_unique<nlohmann::json>(training->save());
    state_epoch_ = epoch;
  }
  const Accuracies accuracies = callbacks.test(*training);
  callbacks.keep(epoch, accuracies);
  return known_[epoch] = accuracies;
}

void TrainedArchitecture::forget_state() {
  const std::lock_guard lock(mutex_);
  state_.reset();
  state_epoch_ = 0;
}
