#pragma once

#include <mutex>
#include <set>
#include <string>

namespace espalier::host {

/// The notes on images that were said, so that none is said twice: a run and its baselines read the same
/// ones.
class SaidNotes {
 public:
  /// [any-thread] Whether the note was not said before. From now on it counts as said.
  bool add(const std::string& note) {
    const std::lock_guard lock(mutex_);
    return notes_.insert(note).second;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> notes_;
};

}  // namespace espalier::host
