#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <vector>

#ifndef INTRA_OP_PARALLEL
#error "at::parallel_for would run on one thread: compile as LibTorch was, with OpenMP"
#endif

namespace espalier {

/// The indices 0 ≤ i < count, dealt out among threads. Each thread takes the indices of its own share first,
/// whose data may still be in its cache from the call before, and then helps with the shares of others, so
/// that no thread waits long for a core that is slow or busy.
class SharedIndices {
 public:
  SharedIndices(std::size_t count, std::size_t shares) : shares_(shares) {
    for (std::size_t s = 0; s < shares; ++s) {
      shares_[s].next = s * count / shares;
      shares_[s].end = (s + 1) * count / shares;
    }
  }

  /// The next index for the thread of share `own`; none once all are taken.
  std::optional<std::size_t> next(std::size_t own) {
    for (std::size_t s = 0; s < shares_.size(); ++s) {
      Share& share = shares_[(own + s) % shares_.size()];
      if (share.next.load(std::memory_order_relaxed) >= share.end) continue;
      const std::size_t index = share.next.fetch_add(1, std::memory_order_relaxed);
      if (index < share.end) return index;
    }
    return std::nullopt;
  }

 private:
  struct alignas(64) Share {
    std::atomic<std::size_t> next;
    std::size_t end;
  };
  std::vector<Share> shares_;
};

/// Calls worker(next) on each of ATen's threads. next() returns an index that no other thread gets, or none
/// once all are taken.
template <class Worker>
void share_indices(std::size_t count, const Worker& worker) {
  const std::size_t shares = std::min(count, static_cast<std::size_t>(at::get_num_threads()));
  SharedIndices indices(count, shares);
  at::parallel_for(0, static_cast<std::int64_t>(shares), 1, [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t own = from; own < to; ++own)
      worker([&] { return indices.next(static_cast<std::size_t>(own)); });
  });
}

/// Calls body(i) for 0 ≤ i < count on ATen's threads.
template <class Body>
void for_each_index(std::size_t count, const Body& body) {
  share_indices(count, [&](const auto& next) {
    while (const auto index = next()) body(*index);
  });
}

}  // namespace espalier
