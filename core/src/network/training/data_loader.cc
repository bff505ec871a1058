#include "espalier/network/training/data_loader.h"

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include "espalier/errors/errors.h"
#include "espalier/network/compile/network.h"
#include "random/shuffle.h"
#include "training/batch_queue.h"
#include "training/class_balance.h"

namespace espalier {

LoaderOptions LoaderOptions::from(const CompileOptions& compile) {
  return {.dtype = compile.dtype, .channels_last = compile.channels_last, .device = compile.device};
}

class DataLoader::Impl {
 public:
  Impl(const Images& images, const Normalization& normalization, std::vector<std::uint32_t> indices,
       const LoaderOptions& options)
      : images_(images),
        indices_(std::move(indices)),
        options_(options),
        writer_(images.shape, normalization, options.augmentation, options.channels_last) {
    const std::size_t count = indices_.size();
    if (options.batch_size == 0 || options.batch_size > count) {
      throw UsageError({.what = fmt::format("batches of {} from {} images", options.batch_size, count),
                        .expected = fmt::format("a batch size of 1 to {}", count),
                        .remedy = "choose a smaller batch, or divide the images in another way"});
    }
    const std::uint32_t largest = *std::max_element(indices_.begin(), indices_.end());
    if (largest >= images.size()) {
      throw Error({.what = fmt::format("image {} in a split of {} images", largest, images.size()),
                   .expected = "indices of images that exist"});
    }
    const std::size_t rest = options.drop_last ? 0 : options.batch_size - 1;
    batches_ = next_ = (count + rest) / options.batch_size;
  }

  std::size_t batches() const { return batches_; }

  void begin_epoch(std::uint64_t epoch, std::size_t first_batch) {
    if (first_batch > batches_) {
      throw Error({.what = fmt::format("an epoch cannot start at batch {}", first_batch),
                   .expected = fmt::format("0 to {}", batches_)});
    }
    producer_ = {};  // stops and joins the thread of the previous epoch, which uses the queue
    queue_.emplace(std::max<std::size_t>(options_.prefetch, 1));
    next_ = first_batch;
    producer_ = std::jthread(
        [this, epoch, first_batch](const std::stop_token& stop) { produce(stop, epoch, first_batch); });
  }

  Batch next() {
    if (next_ == batches_) {
      throw Error({.what = "there is no next batch: the epoch is over, or none has begun",
                   .expected = fmt::format("at most {} batches in an epoch", batches_)});
    }
    Batch batch = queue_->pop();
    ++next_;
    if (options_.device.is_cpu()) return batch;
    return {.images = batch.images.to(options_.device, /*non_blocking=*/true),
            .labels = batch.labels.to(options_.device, /*non_blocking=*/true)};
  }

 private:
  void produce(const std::stop_token& stop, std::uint64_t epoch, std::size_t batch) {
    try {
      const std::vector<std::uint32_t> order = order_of(epoch);
      for (; batch < batches_ && queue_->wait_for_room(stop); ++batch) {
        const std::size_t begin = batch * options_.batch_size;
        const std::size_t size = std::min(options_.batch_size, order.size() - begin);
        queue_->push(make_batch(epoch, begin, std::span(order).subspan(begin, size)));
      }
    } catch (...) {
      queue_->fail(std::current_exception());
    }
  }

  std::vector<std::uint32_t> order_of(std::uint64_t epoch) const {
    std::vector<std::uint32_t> order = indices_;
    if (!options_.shuffle) return order;
    if (options_.balanced)
      order = balanced_epoch(order, images_.labels, Rng(options_.seed, "balanced", epoch)());
    shuffle(order, Rng(options_.seed, "shuffle", epoch));
    return order;
  }

  /// `begin` is the place of the batch's first image in the epoch.
  Batch make_batch(std::uint64_t epoch, std::size_t begin, std::span<const std::uint32_t> indices) const {
    const auto size = static_cast<std::int64_t>(indices.size());
    const Shape& shape = images_.shape;
    // A copy to the device overlaps with what runs there only if it comes from pinned memory.
    const auto options = at::TensorOptions().pinned_memory(options_.device.is_cuda());
    const auto format =
        options_.channels_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
    Batch batch{.images = at::empty({size, shape.channels, shape.height, shape.width},
                                    options.dtype(options_.dtype), format),
                .labels = at::empty({size}, options.dtype(at::kLong))};
    auto* labels = batch.labels.data_ptr<std::int64_t>();
    for (const std::uint32_t index : indices) *labels++ = images_.labels[index];
    AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, options_.dtype, "DataLoader", [&] {
      write_images(epoch, begin, indices, batch.images.data_ptr<scalar_t>());
    });
    return batch;
  }

  // Uses no operators of LibTorch: they would start another pool of threads for this thread.
  template <class T>
  void write_images(std::uint64_t epoch, std::size_t place, std::span<const std::uint32_t> indices,
                    T* to) const {
    std::vector<float> written(static_cast<std::size_t>(images_.shape.elements()));
    for (const std::uint32_t index : indices) {
      // An image that an epoch has several times is varied by its place, or the copies would be alike.
      const Rng rng = augmentation_rng(options_.seed, epoch, options_.balanced ? place++ : index);
      if constexpr (std::is_same_v<T, float>) {
        writer_.write(images_.image(index), rng, to);
      } else {
        writer_.write(images_.image(index), rng, written.data());
        std::copy(written.begin(), written.end(), to);
      }
      to += written.size();
    }
  }

  const Images& images_;
  const std::vector<std::uint32_t> indices_;
  const LoaderOptions options_;
  const ImageWriter writer_;
  std::size_t batches_ = 0;
  std::size_t next_ = 0;
  std::optional<BatchQueue> queue_;
  std::jthread producer_;  ///< declared after everything that it uses
};

DataLoader::DataLoader(const Images& images, const Normalization& normalization,
                       std::vector<std::uint32_t> indices, const LoaderOptions& options)
    : impl_(std::make_unique<Impl>(images, normalization, std::move(indices), options)) {}

DataLoader::DataLoader(const ImageSet& images, LoaderOptions options) {
  if (!images.may_be_mirrored) options.augmentation = options.augmentation.without_mirroring();
  impl_ = std::make_unique<Impl>(*images.images, images.normalization, images.indices, options);
}

DataLoader::~DataLoader() = default;

std::size_t DataLoader::batches() const { return impl_->batches(); }

void DataLoader::begin_epoch(std::uint64_t epoch, std::size_t first_batch) {
  impl_->begin_epoch(epoch, first_batch);
}

Batch DataLoader::next() { return impl_->next(); }

}  // namespace espalier
