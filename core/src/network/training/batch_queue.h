#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>

#include "espalier/network/training/batch.h"

namespace espalier {

/// Batches on their way from the thread that prepares them to the thread that uses them.
class BatchQueue {
 public:
  explicit BatchQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Waits until there is room for one more batch. Returns false when it was stopped instead.
  bool wait_for_room(const std::stop_token& stop);
  void push(Batch batch);
  /// No batch follows: pop() throws `error` once the queue is empty.
  void fail(std::exception_ptr error);
  Batch pop();

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Batch> batches_;
  std::exception_ptr error_;
};

}  // namespace espalier
