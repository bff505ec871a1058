#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <optional>

namespace espalier {

/// The sizes of blocks: four to each power of two, so that at most a fifth of a block is unused.
struct SizeClass {
  static constexpr std::size_t kCount = 240;  ///< enough for more bytes than any machine has

  std::size_t index = 0;
  std::size_t capacity = 0;  ///< in bytes, a multiple of 64

  /// The smallest size that holds `bytes`; none when no memory could.
  static std::optional<SizeClass> of(std::size_t bytes);
};

/// The head of a block; its data follow right behind it. It contains the hooks of the lists of free blocks,
/// so that keeping a block allocates nothing.
struct alignas(64) Block {
  boost::intrusive::list_member_hook<> by_size;
  boost::intrusive::list_member_hook<> by_age;
  SizeClass size;

  void* data() { return this + 1; }
  static Block* of(void* data) { return static_cast<Block*>(data) - 1; }

  /// Takes memory from the system; null when it has no more.
  static Block* create(const SizeClass& size);
  static void destroy(Block* block);
};

}  // namespace espalier
