#include "memory/block_cache.h"

#include <fmt/format.h>

#include <algorithm>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

std::string text(std::size_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

}  // namespace

void* BlockCache::allocate(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto size = SizeClass::of(bytes);
  Block* block = nullptr;
  if (size) {
    block = take(*size);
    if (block == nullptr) block = create(*size);
  }
  if (block == nullptr) {
    throw Error({.what = fmt::format("memory does not suffice for a tensor of {}; tensors in use take {}",
                                     text(bytes), text(statistics_.in_use)),
                 .remedy = "choose a smaller batch or a smaller network, or compile: {recompute: always}"});
  }
  statistics_.in_use += block->size.capacity;
  statistics_.peak = std::max(statistics_.peak, statistics_.in_use);
  return block->data();
}

Block* BlockCache::take(const SizeClass& size) {
  auto& list = free_[size.index];
  if (list.empty()) return nullptr;
  Block& block = list.front();
  list.pop_front();
  by_age_.erase(by_age_.iterator_to(block));
  statistics_.cached -= size.capacity;
  return &block;
}

Block* BlockCache::create(const SizeClass& size) {
  const std::size_t in_use = statistics_.in_use + size.capacity;
  const std::size_t peak = std::max(statistics_.peak, in_use);
  shrink(peak + peak / 4 - in_use);
  Block* block = Block::create(size);
  if (block != nullptr) return block;
  shrink(0);
  return Block::create(size);
}

void BlockCache::shrink(std::size_t bytes) {
  while (statistics_.cached > bytes) {
    Block& block = by_age_.front();
    by_age_.pop_front();
    auto& list = free_[block.size.index];
    list.erase(list.iterator_to(block));
    statistics_.cached -= block.size.capacity;
    Block::destroy(&block);
  }
}

void BlockCache::deallocate(void* data) {
  const std::lock_guard lock(mutex_);
  Block& block = *Block::of(data);
  free_[block.size.index].push_front(block);
  by_age_.push_back(block);
  statistics_.in_use -= block.size.capacity;
  statistics_.cached += block.size.capacity;
  // Nothing to shrink: the sum of what is in use and what is kept has not grown. allocate() makes room where
  // it grows.
}

CachingAllocatorStatistics BlockCache::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace espalier
