#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace espalier {

/// Memory of tensors that several may hold, as at::Storage: it counts, and allocates nothing.
class Storages {
 public:
  /// Names a storage; kNone is the one that does not exist, which nothing holds or releases.
  using Id = std::size_t;
  static constexpr Id kNone = static_cast<Id>(-1);

  /// A new one with a single holder.
  Id allocate(std::int64_t numbers) {
    storages_.push_back({.holders = 1, .numbers = numbers});
    add(numbers);
    return storages_.size() - 1;
  }
  void hold(Id storage) {
    if (storage != kNone) ++storages_[storage].holders;
  }
  /// Frees it when that was the last holder.
  void release(Id storage) {
    if (storage != kNone && --storages_[storage].holders == 0) add(-storages_[storage].numbers);
  }
  bool is_shared(Id storage) const { return storages_[storage].holders > 1; }

  /// Allocates numbers that need no name, or frees them where `numbers` is negative.
  void add(std::int64_t numbers) {
    alive_ += numbers;
    peak_ = std::max(peak_, alive_);
  }
  /// The most numbers that were allocated at any moment.
  std::int64_t peak() const { return peak_; }

 private:
  struct Storage {
    int holders;
    std::int64_t numbers;
  };
  std::vector<Storage> storages_;
  std::int64_t alive_ = 0;
  std::int64_t peak_ = 0;
};

}  // namespace espalier
