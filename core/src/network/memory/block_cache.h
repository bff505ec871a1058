#pragma once

#include <array>
#include <boost/intrusive/list.hpp>
#include <mutex>

#include "memory/block.h"
#include "memory/caching_allocator.h"

namespace espalier {

/// Blocks of memory. Free ones are kept for the next request of their size. Any thread may call it.
class BlockCache {
 public:
  /// Throws Error when there is no memory, even after all free blocks went back to the system.
  void* allocate(std::size_t bytes);
  void deallocate(void* data);
  CachingAllocatorStatistics statistics() const;

 private:
  template <auto Hook>
  using List =
      boost::intrusive::list<Block,
                             boost::intrusive::member_hook<Block, boost::intrusive::list_member_hook<>, Hook>,
                             boost::intrusive::constant_time_size<false>>;

  Block* take(const SizeClass& size);
  Block* create(const SizeClass& size);
  /// Gives the blocks that have been free for longest back to the system, until at most `bytes` are kept.
  void shrink(std::size_t bytes);

  mutable std::mutex mutex_;
  CachingAllocatorStatistics statistics_;
  /// By size, the most recently freed first, as it may be in cache.
  std::array<List<&Block::by_size>, SizeClass::kCount> free_;
  List<&Block::by_age> by_age_;  ///< the same blocks, oldest first
};

}  // namespace espalier
