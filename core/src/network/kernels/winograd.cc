#include "winograd.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "winograd.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "channels-inl.h"
#include "matrix_product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// A tile is 2×2 of the output and reads 4×4 of the input; both have 4×4 places when transformed.
constexpr std::size_t kPlaces = 16;

/// Of so many numbers are a strip's transformed tiles: they stay in the second-level cache.
constexpr std::size_t kStripNumbers = 48 << 10;

/// From a tile to the next are so many numbers more than the tile has: the tiles' lines, all a power of two
/// apart, would have few places in the cache.
constexpr std::size_t kTileGap = 16;

inline std::size_t tiles_across(std::size_t length) { return (length + 1) / 2; }

inline std::size_t tile_numbers(std::size_t channels) { return kPlaces * channels + kTileGap; }

/// So many tiles of an image, a multiple of a product's block of rows or all, are transformed at a time.
inline std::size_t strip_tiles(const WinogradShape& shape) {
  const std::size_t all = tiles_across(shape.height) * tiles_across(shape.width);
  const std::size_t fitting = kStripNumbers / (tile_numbers(shape.inputs) + tile_numbers(shape.outputs));
  return std::min(all, std::max<std::size_t>(fitting / 8 * 8, 16));
}

inline std::size_t scratch_numbers(const WinogradShape& shape) {
  return strip_tiles(shape) * (tile_numbers(shape.inputs) + tile_numbers(shape.outputs));
}

/// N×M vectors, one for each place of a tile or a filter.
template <class D, std::size_t N, std::size_t M = N>
struct Places {
  hn::Vec<D> at[N][M];
};

/// transform() of each column and then of each row: T·places·Tᵀ, of T's rows kTo and columns kFrom.
template <std::size_t kTo, class D, std::size_t kFrom, class Transform>
HWY_INLINE Places<D, kTo> transform_both(D d, const Places<D, kFrom>& places, const Transform& transform) {
  Places<D, kFrom, kTo> columns;  // transposed
  for (std::size_t x = 0; x < kFrom; ++x) {
    hn::Vec<D> column[kFrom];
    for (std::size_t y = 0; y < kFrom; ++y) column[y] = places.at[y][x];
    transform(d, column, columns.at[x]);
  }
  Places<D, kTo> result;
  for (std::size_t y = 0; y < kTo; ++y) {
    hn::Vec<D> row[kFrom];
    for (std::size_t x = 0; x < kFrom; ++x) row[x] = columns.at[x][y];
    transform(d, row, result.at[y]);
  }
  return result;
}

// The four transforms in one dimension: of three filter taps, four inputs, four products and two outputs'
// gradients; the filters' and the outputs' are followed by their transposes.

struct FromFilter {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D d, const V (&g)[3], V (&to)[4]) const {
    const auto half = hn::Set(d, hn::TFromD<D>(0.5));
    const auto outer = hn::Mul(half, hn::Add(g[0], g[2]));
    const auto middle = hn::Mul(half, g[1]);
    to[0] = g[0];
    to[1] = hn::Add(outer, middle);
    to[2] = hn::Sub(outer, middle);
    to[3] = g[2];
  }
};

struct ToFilter {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D d, const V (&t)[4], V (&to)[3]) const {
    const auto half = hn::Set(d, hn::TFromD<D>(0.5));
    const auto outer = hn::Mul(half, hn::Add(t[1], t[2]));
    to[0] = hn::Add(t[0], outer);
    to[1] = hn::Mul(half, hn::Sub(t[1], t[2]));
    to[2] = hn::Add(outer, t[3]);
  }
};

struct FromInput {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D, const V (&x)[4], V (&to)[4]) const {
    to[0] = hn::Sub(x[0], x[2]);
    to[1] = hn::Add(x[1], x[2]);
    to[2] = hn::Sub(x[2], x[1]);
    to[3] = hn::Sub(x[1], x[3]);
  }
};

struct ToOutput {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D, const V (&t)[4], V (&to)[2]) const {
    to[0] = hn::Add(t[0], hn::Add(t[1], t[2]));
    to[1] = hn::Sub(t[1], hn::Add(t[2], t[3]));
  }
};

struct FromOutput {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D d, const V (&g)[2], V (&to)[4]) const {
    to[0] = g[0];
    to[1] = hn::Add(g[0], g[1]);
    to[2] = hn::Sub(g[0], g[1]);
    to[3] = hn::Sub(hn::Zero(d), g[1]);
  }
};

/// A part of an image's tiles, which are counted row by row.
struct Strip {
  std::size_t first;
  std::size_t count;
};

template <class Body>
HWY_INLINE void for_each_strip(const WinogradShape& shape, const Body& body) {
  const std::size_t all = tiles_across(shape.height) * tiles_across(shape.width);
  const std::size_t most = strip_tiles(shape);
  for (std::size_t first = 0; first < all; first += most) body(Strip{first, std::min(most, all - first)});
}

/// Calls body(index in the strip, y, x) with the tiles' first output pixels.
template <class Body>
HWY_INLINE void for_each_tile(const WinogradShape& shape, const Strip& strip, const Body& body) {
  const std::size_t across = tiles_across(shape.width);
  for (std::size_t t = 0; t < strip.count; ++t)
    body(t, (strip.first + t) / across * 2, (strip.first + t) % across * 2);
}

template <class D, std::size_t N, class T>
HWY_INLINE void store_places(D d, const Places<D, N>& places, std::size_t channels, T* to) {
  for (std::size_t y = 0; y < N; ++y)
    for (std::size_t x = 0; x < N; ++x) hn::StoreU(places.at[y][x], d, to + (y * N + x) * channels);
}

template <class D, std::size_t N, class T>
HWY_INLINE void load_places(D d, const T* from, std::size_t channels, Places<D, N>& places) {
  for (std::size_t y = 0; y < N; ++y)
    for (std::size_t x = 0; x < N; ++x) places.at[y][x] = hn::LoadU(d, from + (y * N + x) * channels);
}

/// tiles [count, 16, inputs]. The last tiles may reach a row and a column beyond the padded image, on which
/// only outputs that do not exist depend: the last ones are read in their stead.
template <class T>
HWY_INLINE void transform_input(const T* padded, const WinogradShape& shape, const Strip& strip, T* tiles) {
  const std::size_t channels = shape.inputs;
  for_each_tile(shape, strip, [&](std::size_t t, std::size_t y, std::size_t x) HWY_ATTR {
    const T* rows[4];
    std::size_t columns[4];
    for (std::size_t i = 0; i < 4; ++i) {
      rows[i] = padded + std::min(y + i, shape.height + 1) * (shape.width + 2) * channels;
      columns[i] = std::min(x + i, shape.width + 1) * channels;
    }
    T* to = tiles + t * tile_numbers(channels);
    for_each_vector<T>(channels, [&](auto d, std::size_t c) HWY_ATTR {
      Places<decltype(d), 4> places;
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) places.at[i][j] = hn::LoadU(d, rows[i] + columns[j] + c);
      store_places(d, transform_both<4>(d, places, FromInput()), channels, to + c);
    });
  });
}

template <class T>
HWY_INLINE void transform_output(const T* tiles, const WinogradShape& shape, const Strip& strip, T* output) {
  const std::size_t channels = shape.outputs;
  for_each_tile(shape, strip, [&](std::size_t t, std::size_t y, std::size_t x) HWY_ATTR {
    const std::size_t rows = std::min<std::size_t>(2, shape.height - y);
    const std::size_t columns = std::min<std::size_t>(2, shape.width - x);
    const T* from = tiles + t * tile_numbers(channels);
    T* to = output + (y * shape.width + x) * channels;
    for_each_vector<T>(channels, [&](auto d, std::size_t c) HWY_ATTR {
      Places<decltype(d), 4> places;
      load_places(d, from + c, channels, places);
      const auto sums = transform_both<2>(d, places, ToOutput());
      hn::StoreU(sums.at[0][0], d, to + c);
      if (columns == 2) hn::StoreU(sums.at[0][1], d, to + channels + c);
      if (rows == 1) return;
      T* below = to + shape.width * channels + c;
      hn::StoreU(sums.at[1][0], d, below);
      if (columns == 2) hn::StoreU(sums.at[1][1], d, below + channels);
    });
  });
}

/// tiles [count, 16, outputs]: no gradient comes from outputs that do not exist.
template <class T>
HWY_INLINE void transform_gradient(const T* gradient, const WinogradShape& shape, const Strip& strip,
                                   T* tiles) {
  const std::size_t channels = shape.outputs;
  for_each_tile(shape, strip, [&](std::size_t t, std::size_t y, std::size_t x) HWY_ATTR {
    const bool right = x + 1 < shape.width;
    const bool below = y + 1 < shape.height;
    const T* from = gradient + (y * shape.width + x) * channels;
    const T* from_below = from + shape.width * channels;
    T* to = tiles + t * tile_numbers(channels);
    for_each_vector<T>(channels, [&](auto d, std::size_t c) HWY_ATTR {
      const auto zero = hn::Zero(d);
      Places<decltype(d), 2> places;
      places.at[0][0] = hn::LoadU(d, from + c);
      places.at[0][1] = right ? hn::LoadU(d, from + channels + c) : zero;
      places.at[1][0] = below ? hn::LoadU(d, from_below + c) : zero;
      places.at[1][1] = right && below ? hn::LoadU(d, from_below + channels + c) : zero;
      store_places(d, transform_both<4>(d, places, FromOutput()), channels, to + c);
    });
  });
}

/// The transformed filters' matrix at a place, or its gradient's.
template <class T>
HWY_INLINE Matrix<T> filters_at(T* transformed, const WinogradShape& shape, std::size_t place) {
  return {transformed + place * shape.inputs * shape.outputs, shape.inputs, shape.outputs, shape.outputs};
}

template <class T>
HWY_INLINE Matrix<T> tiles_at(T* tiles, std::size_t count, std::size_t channels, std::size_t place) {
  return {tiles + place * channels, count, channels, tile_numbers(channels)};
}

template <class T>
HWY_INLINE void convolve(const T* padded, const WinogradShape& shape, const T* transformed, T* scratch,
                         T* output) {
  const T* inputs = scratch;
  T* outputs = scratch + strip_tiles(shape) * tile_numbers(shape.inputs);
  for_each_strip(shape, [&](const Strip& strip) HWY_ATTR {
    transform_input(padded, shape, strip, scratch);
    for (std::size_t place = 0; place < kPlaces; ++place)
      multiply<T>(tiles_at(inputs, strip.count, shape.inputs, place), filters_at(transformed, shape, place),
                  false, tiles_at(outputs, strip.count, shape.outputs, place));
    transform_output(outputs, shape, strip, output);
  });
}

template <class T>
HWY_INLINE void add_filters_gradient(const T* padded, const WinogradShape& shape, const T* gradient,
                                     T* scratch, T* transformed_gradient) {
  const T* inputs = scratch;
  T* outputs = scratch + strip_tiles(shape) * tile_numbers(shape.inputs);
  for_each_strip(shape, [&](const Strip& strip) HWY_ATTR {
    transform_input(padded, shape, strip, scratch);
    transform_gradient(gradient, shape, strip, outputs);
    for (std::size_t place = 0; place < kPlaces; ++place)
      add_transposed<T>(tiles_at(inputs, strip.count, shape.inputs, place),
                        tiles_at<const T>(outputs, strip.count, shape.outputs, place),
                        filters_at(transformed_gradient, shape, place));
  });
}

/// Of every pair of channels by itself: filters [kFrom², pairs] → transformed [kTo², pairs].
template <std::size_t kFrom, std::size_t kTo, class Transform, class T>
HWY_INLINE void transform_filters(const T* filters, const WinogradShape& shape, T* transformed) {
  const std::size_t pairs = shape.inputs * shape.outputs;
  for_each_vector<T>(pairs, [&](auto d, std::size_t c) HWY_ATTR {
    Places<decltype(d), kFrom> places;
    load_places(d, filters + c, pairs, places);
    store_places(d, transform_both<kTo>(d, places, Transform()), pairs, transformed + c);
  });
}

void filters_float(const float* filters, const WinogradShape& shape, float* transformed) {
  transform_filters<3, 4, FromFilter>(filters, shape, transformed);
}
void filters_double(const double* filters, const WinogradShape& shape, double* transformed) {
  transform_filters<3, 4, FromFilter>(filters, shape, transformed);
}
void convolve_float(const float* padded, const WinogradShape& shape, const float* transformed, float* scratch,
                    float* output) {
  convolve(padded, shape, transformed, scratch, output);
}
void convolve_double(const double* padded, const WinogradShape& shape, const double* transformed,
                     double* scratch, double* output) {
  convolve(padded, shape, transformed, scratch, output);
}
void backward_filters_float(const float* padded, const WinogradShape& shape, const float* gradient,
                            float* scratch, float* transformed_gradient) {
  add_filters_gradient(padded, shape, gradient, scratch, transformed_gradient);
}
void backward_filters_double(const double* padded, const WinogradShape& shape, const double* gradient,
                             double* scratch, double* transformed_gradient) {
  add_filters_gradient(padded, shape, gradient, scratch, transformed_gradient);
}
void filters_backward_float(const float* transformed_gradient, const WinogradShape& shape,
                            float* filters_gradient) {
  transform_filters<4, 3, ToFilter>(transformed_gradient, shape, filters_gradient);
}
void filters_backward_double(const double* transformed_gradient, const WinogradShape& shape,
                             double* filters_gradient) {
  transform_filters<4, 3, ToFilter>(transformed_gradient, shape, filters_gradient);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(filters_float);
HWY_EXPORT(filters_double);
HWY_EXPORT(convolve_float);
HWY_EXPORT(convolve_double);
HWY_EXPORT(backward_filters_float);
HWY_EXPORT(backward_filters_double);
HWY_EXPORT(filters_backward_float);
HWY_EXPORT(filters_backward_double);

std::size_t winograd_scratch(const WinogradShape& shape) { return HWY_NAMESPACE::scratch_numbers(shape); }

void winograd_filters(const float* filters, const WinogradShape& shape, float* transformed) {
  HWY_DYNAMIC_DISPATCH(filters_float)(filters, shape, transformed);
}
void winograd_filters(const double* filters, const WinogradShape& shape, double* transformed) {
  HWY_DYNAMIC_DISPATCH(filters_double)(filters, shape, transformed);
}
void winograd(const float* padded, const WinogradShape& shape, const float* transformed, float* scratch,
              float* output) {
  HWY_DYNAMIC_DISPATCH(convolve_float)(padded, shape, transformed, scratch, output);
}
void winograd(const double* padded, const WinogradShape& shape, const double* transformed, double* scratch,
              double* output) {
  HWY_DYNAMIC_DISPATCH(convolve_double)(padded, shape, transformed, scratch, output);
}
void winograd_backward_filters(const float* padded, const WinogradShape& shape, const float* gradient,
                               float* scratch, float* transformed_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_filters_float)(padded, shape, gradient, scratch, transformed_gradient);
}
void winograd_backward_filters(const double* padded, const WinogradShape& shape, const double* gradient,
                               double* scratch, double* transformed_gradient) {
  HWY_DYNAMIC_DISPATCH(backward_filters_double)(padded, shape, gradient, scratch, transformed_gradient);
}
void winograd_filters_backward(const float* transformed_gradient, const WinogradShape& shape,
                               float* filters_gradient) {
  HWY_DYNAMIC_DISPATCH(filters_backward_float)(transformed_gradient, shape, filters_gradient);
}
void winograd_filters_backward(const double* transformed_gradient, const WinogradShape& shape,
                               double* filters_gradient) {
  HWY_DYNAMIC_DISPATCH(filters_backward_double)(transformed_gradient, shape, filters_gradient);
}

}  // namespace espalier::kernels
#endif
