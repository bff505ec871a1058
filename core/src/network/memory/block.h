#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <optional>

namespace espalier {

/// What blocks of memory there are: four sizes to each power of two, so at most a fifth of one is unused.
struct SizeClass {
  static constexpr std::size_t kCount = 240;  ///< up to more than there is memory

  std::size_t index = 0;
  std::size_t capacity = 0;  ///< in bytes, a multiple of 64

  /// The smallest that holds `bytes`; nothing when no memory does.
  static std::optional<SizeClass> of(std::size_t bytes);
};

/// The head of a block, its data right behind it. The list hooks lie in here so that keeping a block
/// allocates nothing.
struct alignas(64) Block {
  boost::intrusive::list_member_hook<> by_size;
  boost::intrusive::list_member_hook<> by_age;
  SizeClass size;

  void* data() { return this + 1; }
  static Block* of(void* data) { return static_cast<Block*>(data) - 1; }

  /// From the system; null when it has no more.
  static Block* create(const SizeClass& size);
  static void destroy(Block* block);
};

}  // namespace espalier
