#include <ATen/ATen.h>
#include <benchmark/benchmark.h>
#include <c10/core/CPUAllocator.h>
#include <sys/resource.h>

#include <numeric>

#include "espalier/network/training/data_loader.h"
#include "memory/caching_allocator.h"

// Feeding a network: images a second, and the page faults of training.
namespace espalier {
namespace {

constexpr Augmentation kFull{.crop_padding = 4, .flip = true, .cutout = 16};
const Normalization kNormalization{.mean = {0.49F, 0.48F, 0.45F},
                                   .standard_deviation = {0.25F, 0.24F, 0.26F}};

Images make_images(std::size_t count) {
  Images images{.shape = {.channels = 3, .height = 32, .width = 32}, .pixels = {}, .labels = {}};
  images.labels.resize(count);
  images.pixels.resize(count * static_cast<std::size_t>(images.shape.elements()));
  Rng rng(0, "pixels");
  for (std::uint8_t& pixel : images.pixels) pixel = static_cast<std::uint8_t>(rng());
  return images;
}

void augment(benchmark::State& state) {
  const bool channels_last = state.range(0) != 0;
  const Images images = make_images(1000);
  const ImageWriter writer(images.shape, kNormalization, kFull, channels_last);
  std::vector<float> output(static_cast<std::size_t>(images.shape.elements()));
  std::size_t index = 0;
  for (auto _ : state) {
    writer.write(images.image(index), augmentation_rng(0, 0, index), output.data());
    benchmark::ClobberMemory();
    index = (index + 1) % images.size();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(augment)->ArgName("channels_last")->Arg(0)->Arg(1);

/// A whole epoch through the loader's thread.
void load_epoch(benchmark::State& state) {
  install_caching_allocator();
  const Images images = make_images(12800);
  std::vector<std::uint32_t> indices(images.size());
  std::iota(indices.begin(), indices.end(), 0U);
  DataLoader loader(images, kNormalization, indices, {.batch_size = 64, .augmentation = kFull});
  std::uint64_t epoch = 0;
  for (auto _ : state) {
    loader.begin_epoch(epoch++);
    for (std::size_t i = 0; i < loader.batches(); ++i) benchmark::DoNotOptimize(loader.next());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(images.size()));
}
BENCHMARK(load_epoch)->Unit(benchmark::kMillisecond)->UseRealTime();

long page_faults() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

/// Three convolutions of 32 filters, forward and backward, a batch of 64.
void train_step(benchmark::State& state) {
  install_caching_allocator();
  static at::Allocator* const caching = c10::GetCPUAllocator();
  c10::SetCPUAllocator(state.range(0) != 0 ? caching : c10::GetDefaultCPUAllocator());

  std::vector<at::Tensor> filters;
  for (const std::int64_t channels : {3, 32, 32})
    filters.push_back(at::randn({32, channels, 3, 3}).requires_grad_());
  const at::Tensor images = at::randn({64, 3, 32, 32}).contiguous(at::MemoryFormat::ChannelsLast);
  const auto step = [&] {
    at::Tensor value = images;
    for (const at::Tensor& filter : filters) value = at::relu(at::conv2d(value, filter, {}, 1, 1));
    value.mean().backward();
  };
  for (int i = 0; i < 3; ++i) step();
  const long before = page_faults();
  for (auto _ : state) step();
  state.counters["page_faults"] =
      static_cast<double>(page_faults() - before) / static_cast<double>(state.iterations());
  c10::SetCPUAllocator(caching);
}
BENCHMARK(train_step)->ArgName("caching")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace espalier
