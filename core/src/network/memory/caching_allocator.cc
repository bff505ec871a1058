#include "memory/caching_allocator.h"

#include <c10/core/CPUAllocator.h>
#include <torch/version.h>

#include <atomic>

#include "memory/block_cache.h"

namespace espalier {
namespace {

/// Null before the installation. Never destroyed: tensors of static lifetime may be freed after everything
/// else.
std::atomic<BlockCache*> installed = nullptr;

void deallocate(void* data) {
  if (data != nullptr) installed.load()->deallocate(data);
}

c10::DataPtr allocate_block(std::size_t bytes) {
  void* data = bytes == 0 ? nullptr : installed.load()->allocate(bytes);
  return {data, data, &deallocate, c10::Device(c10::DeviceType::CPU)};
}

class CachingAllocator final : public c10::Allocator {
 public:
#if TORCH_VERSION_MAJOR < 2
  c10::DataPtr allocate(std::size_t bytes) const override { return allocate_block(bytes); }
#else
  c10::DataPtr allocate(std::size_t bytes) override { return allocate_block(bytes); }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }
#endif
  c10::DeleterFnPtr raw_deleter() const override { return &deallocate; }
};

}  // namespace

void install_caching_allocator() {
  static const bool once = [] {
    static auto* const cache = new BlockCache;
    static auto* const allocator = new CachingAllocator;
    installed = cache;
    c10::SetCPUAllocator(allocator);
    return true;
  }();
  static_cast<void>(once);
}

CachingAllocatorStatistics caching_allocator_statistics() {
  const BlockCache* cache = installed;
  return cache == nullptr ? CachingAllocatorStatistics{} : cache->statistics();
}

}  // namespace espalier
