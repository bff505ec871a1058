#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "espalier/layers/shape.h"
#include "espalier/random/random.h"

namespace espalier::contract {

/// Standard normal numbers that depend on the seed alone, not on LibTorch's generator.
inline at::Tensor drawn_images(std::int64_t count, const Shape& shape, std::uint64_t seed = 0) {
  Rng rng(seed, "contract/images");
  at::Tensor images = at::empty({count, shape.channels, shape.height, shape.width}, at::kFloat);
  for (std::int64_t i = 0; i < images.numel(); ++i)
    images.data_ptr<float>()[i] = static_cast<float>(rng.normal());
  return images;
}

inline bool is_finite(const at::Tensor& tensor) { return tensor.isfinite().all().item<bool>(); }

inline bool is_zero(const at::Tensor& tensor) { return !tensor.ne(0).any().item<bool>(); }

}  // namespace espalier::contract
