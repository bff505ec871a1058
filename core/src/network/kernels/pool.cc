#include "kernels/pool.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/pool.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/channels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// The pixels of a window that lie inside the image.
struct Range {
  std::size_t begin;
  std::size_t end;
};

inline Range inside(std::size_t output, const PoolShape& shape, std::size_t length) {
  const std::size_t begin = output * shape.stride;
  return {std::max(begin, shape.padding) - shape.padding,
          std::min(begin + shape.kernel, length + shape.padding) - shape.padding};
}

/// Calls body(rows, columns, output) with every window and where its result lies.
template <class Body>
HWY_INLINE void for_each_window(const PoolShape& shape, const Body& body) {
  const ImageShape output = shape.output();
  std::size_t at = 0;
  for (std::size_t y = 0; y < output.height; ++y) {
    const Range rows = inside(y, shape, shape.image.height);
    for (std::size_t x = 0; x < output.width; ++x, at += output.channels)
      body(rows, inside(x, shape, shape.image.width), at);
  }
}

/// Calls body(offset) with every pixel of a window.
template <class Body>
HWY_INLINE void for_each_pixel(const PoolShape& shape, const Range& rows, const Range& columns,
                               const Body& body) {
  for (std::size_t y = rows.begin; y < rows.end; ++y)
    for (std::size_t x = columns.begin; x < columns.end; ++x)
      body((y * shape.image.width + x) * shape.image.channels);
}

template <class D, class T>
HWY_INLINE hn::Vec<D> greatest(D d, const T* image, const PoolShape& shape, const Range& rows,
                               const Range& columns) {
  auto most = hn::LoadU(d, image + (rows.begin * shape.image.width + columns.begin) * shape.image.channels);
  for_each_pixel(shape, rows, columns,
                 [&](std::size_t pixel) HWY_ATTR { most = hn::Max(most, hn::LoadU(d, image + pixel)); });
  return most;
}

template <class T>
HWY_INLINE void max_pool_of(const T* image, const PoolShape& shape, T* output) {
  for_each_window(shape, [&](const Range& rows, const Range& columns, std::size_t at) HWY_ATTR {
    for_each_vector<T>(shape.image.channels, [&](auto d, std::size_t c) HWY_ATTR {
      hn::StoreU(greatest(d, image + c, shape, rows, columns), d, output + at + c);
    });
  });
}

template <class T>
HWY_INLINE void max_pool_backward_of(const T* image, const PoolShape& shape, const T* gradient,
                                     T* image_gradient) {
  for_each_window(shape, [&](const Range& rows, const Range& columns, std::size_t at) HWY_ATTR {
    for_each_vector<T>(shape.image.channels, [&](auto d, std::size_t c) HWY_ATTR {
      const auto most = greatest(d, image + c, shape, rows, columns);
      auto left = hn::LoadU(d, gradient + at + c);
      for_each_pixel(shape, rows, columns, [&](std::size_t pixel) HWY_ATTR {
        T* to = image_gradient + pixel + c;
        const auto is_most = hn::Eq(hn::LoadU(d, image + pixel + c), most);
        hn::StoreU(hn::Add(hn::LoadU(d, to), hn::IfThenElseZero(is_most, left)), d, to);
        left = hn::IfThenZeroElse(is_most, left);
      });
    });
  });
}

template <class T>
HWY_INLINE T share(const Range& rows, const Range& columns) {
  return T(1) / static_cast<T>((rows.end - rows.begin) * (columns.end - columns.begin));
}

template <class T>
HWY_INLINE void avg_pool_of(const T* image, const PoolShape& shape, T* output) {
  for_each_window(shape, [&](const Range& rows, const Range& columns, std::size_t at) HWY_ATTR {
    for_each_vector<T>(shape.image.channels, [&](auto d, std::size_t c) HWY_ATTR {
      auto sum = hn::Zero(d);
      for_each_pixel(shape, rows, columns, [&](std::size_t pixel) HWY_ATTR {
        sum = hn::Add(sum, hn::LoadU(d, image + pixel + c));
      });
      hn::StoreU(hn::Mul(sum, hn::Set(d, share<T>(rows, columns))), d, output + at + c);
    });
  });
}

template <class T>
HWY_INLINE void avg_pool_backward_of(const T* gradient, const PoolShape& shape, T* image_gradient) {
  for_each_window(shape, [&](const Range& rows, const Range& columns, std::size_t at) HWY_ATTR {
    for_each_vector<T>(shape.image.channels, [&](auto d, std::size_t c) HWY_ATTR {
      const auto part = hn::Mul(hn::LoadU(d, gradient + at + c), hn::Set(d, share<T>(rows, columns)));
      for_each_pixel(shape, rows, columns, [&](std::size_t pixel) HWY_ATTR {
        T* to = image_gradient + pixel + c;
        hn::StoreU(hn::Add(hn::LoadU(d, to), part), d, to);
      });
    });
  });
}

void max_pool_float(const float* image, const PoolShape& shape, float* output) {
  max_pool_of(image, shape, output);
}
void max_pool_double(const double* image, const PoolShape& shape, double* output) {
  max_pool_of(image, shape, output);
}
void avg_pool_float(const float* image, const PoolShape& shape, float* output) {
  avg_pool_of(image, shape, output);
}
void avg_pool_double(const double* image, const PoolShape& shape, double* output) {
  avg_pool_of(image, shape, output);
}
void max_pool_backward_float(const float* image, const PoolShape& shape, const float* gradient,
                             float* image_gradient) {
  max_pool_backward_of(image, shape, gradient, image_gradient);
}
void max_pool_backward_double(const double* image, const PoolShape& shape, const double* gradient,
                              double* image_gradient) {
  max_pool_backward_of(image, shape, gradient, image_gradient);
}
void avg_pool_backward_float(const float* gradient, const PoolShape& shape, float* image_gradient) {
  avg_pool_backward_of(gradient, shape, image_gradient);
}
void avg_pool_backward_double(const double* gradient, const PoolShape& shape, double* image_gradient) {
  avg_pool_backward_of(gradient, shape, image_gradient);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(max_pool_float);
HWY_EXPORT(max_pool_double);
HWY_EXPORT(avg_pool_float);
HWY_EXPORT(avg_pool_double);
HWY_EXPORT(max_pool_backward_float);
HWY_EXPORT(max_pool_backward_double);
HWY_EXPORT(avg_pool_backward_float);
HWY_EXPORT(avg_pool_backward_double);

void max_pool(const float* image, const PoolShape& shape, float* output) {
  HWY_DYNAMIC_DISPATCH(max_pool_float)(image, shape, output);
}
void max_pool(const double* image, const PoolShape& shape, double* output) {
  HWY_DYNAMIC_DISPATCH(max_pool_double)(image, shape, output);
}
void avg_pool(const float* image, const PoolShape& shape, float* output) {
  HWY_DYNAMIC_DISPATCH(avg_pool_float)(image, shape, output);
}
void avg_pool(const double* image, const PoolShape& shape, double* output) {
  HWY_DYNAMIC_DISPATCH(avg_pool_double)(image, shape, output);
}
void max_pool_backward(const float* image, const PoolShape& shape, const float* gradient,
                       float* image_gradient) {
  HWY_DYNAMIC_DISPATCH(max_pool_backward_float)(image, shape, gradient, image_gradient);
}
void max_pool_backward(const double* image, const PoolShape& shape, const double* gradient,
                       double* image_gradient) {
  HWY_DYNAMIC_DISPATCH(max_pool_backward_double)(image, shape, gradient, image_gradient);
}
void avg_pool_backward(const float* gradient, const PoolShape& shape, float* image_gradient) {
  HWY_DYNAMIC_DISPATCH(avg_pool_backward_float)(gradient, shape, image_gradient);
}
void avg_pool_backward(const double* gradient, const PoolShape& shape, double* image_gradient) {
  HWY_DYNAMIC_DISPATCH(avg_pool_backward_double)(gradient, shape, image_gradient);
}

}  // namespace espalier::kernels
#endif
