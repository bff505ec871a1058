#include "memory/caching_allocator.h"

#include <ATen/ATen.h>
#include <c10/core/CPUAllocator.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "espalier/errors/errors.h"

namespace espalier {
namespace {

/// Freed by the allocator that was there before, after the installation.
const at::Tensor kBefore = at::ones({1000});
/// Freed when the program ends.
at::Tensor kept_until_exit;

class CachingAllocator : public ::testing::Test {
 protected:
  CachingAllocator() { install_caching_allocator(); }
};

at::Tensor bytes(std::int64_t count) { return at::empty({count}, at::kByte); }

std::size_t in_use() { return caching_allocator_statistics().in_use; }

TEST_F(CachingAllocator, IsInstalledOnce) {
  const at::Allocator* first = c10::GetCPUAllocator();
  EXPECT_NE(first, c10::GetDefaultCPUAllocator());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(install_caching_allocator);
  threads.clear();
  EXPECT_EQ(c10::GetCPUAllocator(), first);
}

TEST_F(CachingAllocator, GivesOutWhatWasFreed) {
  for (const std::int64_t size : {1, 64, 1000, 100000, 3 << 20, 100 << 20}) {
    at::Tensor tensor = bytes(size);
    const void* data = tensor.data_ptr();
    tensor.reset();
    EXPECT_EQ(bytes(size).data_ptr(), data) << size;
    const at::Tensor held = bytes(size);
    EXPECT_EQ(held.data_ptr(), data) << size;
    EXPECT_NE(bytes(size).data_ptr(), data) << size;
  }
}

TEST_F(CachingAllocator, AlignsToACacheLineAndKeepsBlocksApart) {
  std::vector<at::Tensor> tensors;
  for (std::int64_t size = 1; size < 20'000'000; size += 1 + size / 7) {
    tensors.push_back(bytes(size));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensors.back().data_ptr()) % 64, 0U);
    tensors.back().fill_(static_cast<std::int64_t>(tensors.size() % 251));
  }
  for (std::size_t i = 0; i < tensors.size(); ++i)
    EXPECT_TRUE(tensors[i].eq(static_cast<std::int64_t>((i + 1) % 251)).all().item<bool>());
}

TEST_F(CachingAllocator, RoundsUpByAQuarterAtMost) {
  for (std::int64_t size = 256; size < 50'000'000; size += 1 + size / 9) {
    const std::size_t before = in_use();
    const at::Tensor tensor = bytes(size);
    EXPECT_GE(in_use() - before, static_cast<std::size_t>(size));
    EXPECT_LE(in_use() - before, static_cast<std::size_t>(size + size / 4 + 64));
  }
}

TEST_F(CachingAllocator, CountsWhatIsInUseAndWhatIsKept) {
  const CachingAllocatorStatistics before = caching_allocator_statistics();
  at::Tensor tensor = bytes(7 << 20);
  const CachingAllocatorStatistics during = caching_allocator_statistics();
  EXPECT_EQ(during.in_use, before.in_use + (7 << 20));
  EXPECT_GE(during.peak, during.in_use);
  tensor.reset();
  const CachingAllocatorStatistics after = caching_allocator_statistics();
  EXPECT_EQ(after.in_use, before.in_use);
  EXPECT_GE(after.cached, std::size_t{7} << 20);
  EXPECT_EQ(after.peak, during.peak);
}

TEST_F(CachingAllocator, SupportsRawAllocation) {
  at::Allocator* allocator = c10::GetCPUAllocator();
  ASSERT_NE(allocator->raw_deleter(), nullptr);
  void* data = allocator->raw_allocate(100);
  ASSERT_NE(data, nullptr);
  allocator->raw_deallocate(data);
  allocator->raw_deallocate(allocator->raw_allocate(0));
  EXPECT_EQ(bytes(0).numel(), 0);
}

TEST_F(CachingAllocator, TensorsOutliveThreadsAndTheProgram) {
  at::Tensor tensor;
  std::jthread([&] { tensor = at::full({5'000'000}, 3.0F); }).join();
  EXPECT_EQ(tensor[4'999'999].item<float>(), 3.0F);
  std::jthread([moved = std::move(tensor)]() mutable { moved.reset(); }).join();
  kept_until_exit = at::ones({3'000'000});
}

TEST_F(CachingAllocator, ManyThreadsHammerIt) {
  const std::size_t before = in_use();
  std::vector<std::jthread> threads;
  for (std::int64_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([thread] {
      std::vector<at::Tensor> held(16);
      for (std::int64_t i = 0; i < 4000; ++i) {
        at::Tensor& slot = held[static_cast<std::size_t>(i * 7 % 16)];
        if (slot.defined()) {
          EXPECT_EQ(*slot.data_ptr<std::uint8_t>(), static_cast<std::uint8_t>(thread));
        }
        slot = bytes(std::int64_t{1} << (i * 5 % 23));
        *slot.data_ptr<std::uint8_t>() = static_cast<std::uint8_t>(thread);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(in_use(), before);
}

TEST_F(CachingAllocator, KeepsLittleMoreThanThePeakInTraining) {
  const std::size_t before = in_use();
  {
    const at::Tensor first = at::randn({16, 3, 3, 3}).requires_grad_();
    const at::Tensor second = at::randn({32, 16, 3, 3}).requires_grad_();
    for (int step = 0; step < 12; ++step) {
      const at::Tensor images = at::randn({8 + step * 5 % 7, 3, 32, 32});
      const at::Tensor hidden = at::relu(at::conv2d(images, first, {}, 1, 1));
      at::conv2d(hidden, second, {}, 2, 1).pow(2).mean().backward();
      const CachingAllocatorStatistics now = caching_allocator_statistics();
      EXPECT_LE(now.in_use + now.cached, now.peak + now.peak / 4);
    }
  }
  EXPECT_LE(in_use(), before + (1 << 20));  // but for what LibTorch itself keeps
}

TEST_F(CachingAllocator, SaysWhenMemoryDoesNotSuffice) {
  const at::Tensor held = bytes(5 << 20);
  for (const std::int64_t size : {std::int64_t{1} << 50, (std::int64_t{1} << 62) + 1}) {
    try {
      bytes(size);
      ADD_FAILURE() << "no Error";
    } catch (const Error& error) {
      EXPECT_THAT(error.details().what, ::testing::HasSubstr("tensors in use take"));
      EXPECT_THAT(error.details().remedy, ::testing::HasSubstr("smaller batch"));
    }
  }
}

std::size_t address_space() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST_F(CachingAllocator, GivesBackWhatItKeepsBeforeItGivesUp) {
  at::Tensor large = bytes(std::int64_t{512} << 20);
  large.reset();
  ASSERT_GE(caching_allocator_statistics().cached, std::size_t{512} << 20);

  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_AS, &limit), 0);
  const rlimit tight{.rlim_cur = address_space() + (std::size_t{32} << 20), .rlim_max = limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &tight), 0);
  const at::Tensor other = bytes(std::int64_t{112} << 20);
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &limit), 0);
  EXPECT_EQ(other.numel(), std::int64_t{112} << 20);
  EXPECT_EQ(caching_allocator_statistics().cached, 0U);
}

}  // namespace
}  // namespace espalier
