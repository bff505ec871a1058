#pragma once

#include <array>
#include <boost/intrusive/list.hpp>
#include <mutex>

#include "memory/block.h"
#include "memory/caching_allocator.h"

namespace espalier {

/// Blocks of memory, those that are free kept for the next of their size. For any threads.
class BlockCache {
 public:
  /// Throws Error when there is no memory, after giving back all that is kept.
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
  /// Gives back the blocks that were free longest until at most `bytes` are kept.
  void shrink(std::size_t bytes);

  mutable std::mutex mutex_;
  CachingAllocatorStatistics statistics_;
  std::array<List<&Block::by_size>, SizeClass::kCount> free_;  ///< the last to be freed first: it is in cache
  List<&Block::by_age> by_age_;                                ///< the same blocks, oldest first
};

}  // namespace espalier
