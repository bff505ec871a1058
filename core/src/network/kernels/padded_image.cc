#include "kernels/padded_image.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/padded_image.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/channels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// Zero instead of what is negative; NaNs pass, as in LibTorch.
template <class D, class V>
HWY_INLINE V relu(D d, V x) {
  return hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x);
}

/// The gradient of the relu of `x`.
template <class D, class V>
HWY_INLINE V relu_backward(D d, V x, V gradient) {
  return hn::IfThenZeroElse(hn::Le(x, hn::Zero(d)), gradient);
}

template <class T>
HWY_INLINE void read_row(const T* HWY_RESTRICT from, std::size_t width, std::size_t channels,
                         const Reading<T>& reading, T* HWY_RESTRICT to) {
  if (reading.scale == nullptr) {
    if (!reading.relu) {
      std::copy_n(from, width * channels, to);
      return;
    }
    for_each_vector<T>(width * channels, [&](auto d, std::size_t i) HWY_ATTR {
      prefetch_ahead(from + i);
      hn::StoreU(relu(d, hn::LoadU(d, from + i)), d, to + i);
    });
    return;
  }
  for_each_vector<T>(channels, [&](auto d, std::size_t c) HWY_ATTR {
    const auto scale = hn::LoadU(d, reading.scale + c);
    const auto offset = hn::LoadU(d, reading.offset + c);
    for (std::size_t i = c; i < width * channels; i += channels) {
      const auto x = hn::MulAdd(scale, hn::LoadU(d, from + i), offset);
      hn::StoreU(reading.relu ? relu(d, x) : x, d, to + i);
    }
  });
}

template <class T>
HWY_INLINE void read(const T* image, const ImageShape& shape, const Reading<T>& reading, std::size_t padding,
                     T* padded) {
  clear_border(shape, padding, padded);
  const std::size_t row = shape.width * shape.channels;
  const std::size_t side = padding * shape.channels;
  const std::size_t padded_row = row + 2 * side;
  for (std::size_t y = 0; y < shape.height; ++y)
    read_row(image + y * row, shape.width, shape.channels, reading,
             padded + (y + padding) * padded_row + side);
}

template <class T>
HWY_INLINE void backward_row(const T* HWY_RESTRICT from, std::size_t width, std::size_t channels,
                             const Reading<T>& reading, const T* HWY_RESTRICT padded_gradient,
                             T* HWY_RESTRICT gradient) {
  if (!reading.relu) {
    std::copy_n(padded_gradient, width * channels, gradient);
    return;
  }
  if (reading.scale == nullptr) {
    for_each_vector<T>(width * channels, [&](auto d, std::size_t i) HWY_ATTR {
      const auto g = hn::LoadU(d, padded_gradient + i);
      hn::StoreU(relu_backward(d, hn::LoadU(d, from + i), g), d, gradient + i);
    });
    return;
  }
  for_each_vector<T>(channels, [&](auto d, std::size_t c) HWY_ATTR {
    const auto scale = hn::LoadU(d, reading.scale + c);
    const auto offset = hn::LoadU(d, reading.offset + c);
    for (std::size_t i = c; i < width * channels; i += channels) {
      const auto x = hn::MulAdd(scale, hn::LoadU(d, from + i), offset);
      hn::StoreU(relu_backward(d, x, hn::LoadU(d, padded_gradient + i)), d, gradient + i);
    }
  });
}

template <class T>
HWY_INLINE void backward(const T* image, const ImageShape& shape, const Reading<T>& reading,
                         std::size_t padding, const T* padded_gradient, T* gradient) {
  const std::size_t row = shape.width * shape.channels;
  const std::size_t side = padding * shape.channels;
  const std::size_t padded_row = row + 2 * side;
  for (std::size_t y = 0; y < shape.height; ++y)
    backward_row(image + y * row, shape.width, shape.channels, reading,
                 padded_gradient + (y + padding) * padded_row + side, gradient + y * row);
}

void read_float(const float* image, const ImageShape& shape, const Reading<float>& reading,
                std::size_t padding, float* padded) {
  read(image, shape, reading, padding, padded);
}
void read_double(const double* image, const ImageShape& shape, const Reading<double>& reading,
                 std::size_t padding, double* padded) {
  read(image, shape, reading, padding, padded);
}
void backward_float(const float* image, const ImageShape& shape, const Reading<float>& reading,
                    std::size_t padding, const float* padded_gradient, float* gradient) {
  backward(image, shape, reading, padding, padded_gradient, gradient);
}
void backward_double(const double* image, const ImageShape& shape, const Reading<double>& reading,
                     std::size_t padding, const double* padded_gradient, double* gradient) {
  backward(image, shape, reading, padding, padded_gradient, gradient);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(read_float);
HWY_EXPORT(read_double);
HWY_EXPORT(backward_float);
HWY_EXPORT(backward_double);

void read_padded(const float* image, const ImageShape& shape, const Reading<float>& reading,
                 std::size_t padding, float* padded) {
  HWY_DYNAMIC_DISPATCH(read_float)(image, shape, reading, padding, padded);
}
void read_padded(const double* image, const ImageShape& shape, const Reading<double>& reading,
                 std::size_t padding, double* padded) {
  HWY_DYNAMIC_DISPATCH(read_double)(image, shape, reading, padding, padded);
}
void read_padded_backward(const float* image, const ImageShape& shape, const Reading<float>& reading,
                          std::size_t padding, const float* padded_gradient, float* gradient) {
  HWY_DYNAMIC_DISPATCH(backward_float)(image, shape, reading, padding, padded_gradient, gradient);
}
void read_padded_backward(const double* image, const ImageShape& shape, const Reading<double>& reading,
                          std::size_t padding, const double* padded_gradient, double* gradient) {
  HWY_DYNAMIC_DISPATCH(backward_double)(image, shape, reading, padding, padded_gradient, gradient);
}

}  // namespace espalier::kernels
#endif
