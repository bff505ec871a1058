#include "memory/block.h"

#include <sys/mman.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace espalier {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

std::size_t rounded_up(std::size_t value, std::size_t unit) { return (value + unit - 1) / unit * unit; }

bool is_mapped(const SizeClass& size) { return size.capacity >= kHugePage; }

/// With the head. Mapped blocks are a multiple of 64 KiB, the largest page size of any architecture.
std::size_t total_bytes(const SizeClass& size) {
  const std::size_t bytes = sizeof(Block) + size.capacity;
  return is_mapped(size) ? rounded_up(bytes, std::size_t{64} << 10) : bytes;
}

/// Aligned to a huge page, since the kernel uses huge pages only then: they cause fewer page faults and TLB
/// misses.
void* map(std::size_t bytes) {
  void* address = ::mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                         /*fd=*/-1, /*offset=*/0);
  if (address == MAP_FAILED) return nullptr;
  auto* const begin = static_cast<char*>(address);
  const auto position = reinterpret_cast<std::uintptr_t>(begin);
  const std::size_t before = rounded_up(position, kHugePage) - position;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + bytes, kHugePage - before);
  ::madvise(begin + before, bytes, MADV_HUGEPAGE);
  return begin + before;
}

}  // namespace

std::optional<SizeClass> SizeClass::of(std::size_t bytes) {
  if (bytes > std::size_t{1} << 60) return std::nullopt;
  constexpr std::size_t unit = 64;
  const std::size_t last = bytes == 0 ? 0 : (bytes - 1) / unit;  // units less one
  if (last < 4) return SizeClass{.index = last, .capacity = (last + 1) * unit};
  const auto octave = static_cast<std::size_t>(std::bit_width(last)) - 3;
  const std::size_t quarter = last >> octave;  // 4 to 7
  return SizeClass{.index = 4 * octave + quarter, .capacity = ((quarter + 1) << octave) * unit};
}

Block* Block::create(const SizeClass& size) {
  const std::size_t bytes = total_bytes(size);
  void* memory = is_mapped(size) ? map(bytes) : std::aligned_alloc(alignof(Block), bytes);
  if (memory == nullptr) return nullptr;
  auto* block = new (memory) Block;
  block->size = size;
  return block;
}

void Block::destroy(Block* block) {
  const SizeClass size = block->size;
  std::destroy_at(block);
  if (is_mapped(size)) {
    ::munmap(block, total_bytes(size));
  } else {
    std::free(block);
  }
}

}  // namespace espalier
