#include "plugins/optimizers/allocations.h"

#include <cstdlib>
#include <new>

// Replaces operator new and delete of the whole test program. All forms but the aligned ones, so that
// a sanitizer sees memory of malloc go back to free.
namespace {

thread_local std::uint64_t count = 0;

void* allocate(std::size_t size) noexcept {
  ++count;
  return std::malloc(size == 0 ? 1 : size);  // NOLINT: this is operator new
}

void* allocate_or_throw(std::size_t size) {
  if (void* memory = allocate(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

namespace espalier::testing {

std::uint64_t allocations() { return count; }

}  // namespace espalier::testing

void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }                           // NOLINT
void operator delete[](void* memory) noexcept { std::free(memory); }                         // NOLINT
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }              // NOLINT
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }            // NOLINT
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }    // NOLINT
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }  // NOLINT
