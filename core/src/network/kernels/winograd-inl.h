// The tiles of Winograd's algorithm, whose idea is in winograd.h. Compiled once for each instruction set:
// included inside HWY_BEFORE_NAMESPACE().
#if defined(ESPALIER_KERNELS_WINOGRAD_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ESPALIER_KERNELS_WINOGRAD_INL_H
#undef ESPALIER_KERNELS_WINOGRAD_INL_H
#else
#define ESPALIER_KERNELS_WINOGRAD_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>

#include "kernels/channels-inl.h"
#include "kernels/matrix_product-inl.h"
#include "kernels/winograd.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

/// A tile is 2×2 of the output and reads 4×4 of the input; both have 4×4 places when transformed.
constexpr std::size_t kPlaces = 16;

/// How many numbers the transformed tiles of a strip may have, to stay in the second-level cache.
constexpr std::size_t kStripNumbers = 48 << 10;

/// The gap between one tile and the next, in numbers. Without it, the distance between tiles would often be a
/// power of two, and their cache lines would compete for few sets of the cache.
constexpr std::size_t kTileGap = 16;

inline std::size_t tiles_across(std::size_t length) { return (length + 1) / 2; }

inline std::size_t tile_numbers(std::size_t channels) { return kPlaces * channels + kTileGap; }

/// How many tiles a strip has: a multiple of the rows that a product computes at once, or all.
inline std::size_t strip_tiles(const WinogradShape& shape) {
  const std::size_t all = shape.images * tiles_across(shape.height) * tiles_across(shape.width);
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

/// T·places·Tᵀ for T of kTo rows and kFrom columns: transform() applies T to each column, and then to each
/// row.
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

/// Some of the tiles, which are counted image by image and row by row.
struct Strip {
  std::size_t first;
  std::size_t count;
};

template <class Body>
HWY_INLINE void for_each_strip(const WinogradShape& shape, const Body& body) {
  const std::size_t all = shape.images * tiles_across(shape.height) * tiles_across(shape.width);
  const std::size_t most = strip_tiles(shape);
  for (std::size_t first = 0; first < all; first += most) body(Strip{first, std::min(most, all - first)});
}

/// Calls body(index in the strip, image, y, x) for each tile of a strip, with the tile's first output pixel.
template <class Body>
HWY_INLINE void for_each_tile(const WinogradShape& shape, const Strip& strip, const Body& body) {
  const std::size_t across = tiles_across(shape.width);
  const std::size_t down = tiles_across(shape.height);
  for (std::size_t t = 0; t < strip.count; ++t) {
    const std::size_t row = (strip.first + t) / across;
    body(t, row / down, row % down * 2, (strip.first + t) % across * 2);
  }
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

/// Bᵀ.
struct FromInput {
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D, const V (&x)[4], V (&to)[4]) const {
    to[0] = hn::Sub(x[0], x[2]);
    to[1] = hn::Add(x[1], x[2]);
    to[2] = hn::Sub(x[2], x[1]);
    to[3] = hn::Sub(x[1], x[3]);
  }
};

/// Bᵀ·d·B for each tile of a strip: tiles [count, 16, inputs]. Where the height or width is odd, the last
/// tiles reach one row or column beyond the padded image. Only outputs that do not exist depend on it, and so
/// the last row or column is read in its place.
template <class T>
HWY_INLINE void transform_input(const Images<const T>& padded, const WinogradShape& shape, const Strip& strip,
                                T* tiles) {
  const std::size_t channels = shape.inputs;
  for_each_vector<T>(channels, [&](auto d, std::size_t c) HWY_ATTR {
    using V = hn::Vec<decltype(d)>;
    V columns[4][4];  // Bᵀ·d of a tile, column by column
    for_each_tile(shape, strip, [&](std::size_t t, std::size_t image, std::size_t y, std::size_t x) HWY_ATTR {
      const T* rows[4];
      for (std::size_t i = 0; i < 4; ++i)
        rows[i] = padded.pixel(image, std::min(y + i, shape.height + 1), 0, channels) + c;
      const auto transform_column = [&](std::size_t j) HWY_ATTR {
        const std::size_t column = std::min(x + j, shape.width + 1) * channels;
        V places[4];
        for (std::size_t i = 0; i < 4; ++i) places[i] = hn::LoadU(d, rows[i] + column);
        FromInput()(d, places, columns[j]);
      };
      // The left half of a tile is the right half of the one before it in the row.
      if (t > 0 && x > 0) {
        for (std::size_t i = 0; i < 4; ++i) {
          columns[0][i] = columns[2][i];
          columns[1][i] = columns[3][i];
        }
      } else {
        transform_column(0);
        transform_column(1);
      }
      transform_column(2);
      transform_column(3);
      Places<decltype(d), 4> transformed;
      for (std::size_t i = 0; i < 4; ++i) {
        const V row[4] = {columns[0][i], columns[1][i], columns[2][i], columns[3][i]};
        FromInput()(d, row, transformed.at[i]);
      }
      store_places(d, transformed, channels, tiles + t * tile_numbers(channels) + c);
    });
  });
}

/// The matrix [inputs, outputs] of the transformed filters at a place, or of their gradients.
template <class T>
HWY_INLINE Matrix<T> filters_at(T* transformed, const WinogradShape& shape, std::size_t place) {
  return {transformed + place * shape.inputs * shape.outputs, shape.inputs, shape.outputs, shape.outputs};
}

/// The matrix [tiles, channels] of transformed tiles at a place.
template <class T>
HWY_INLINE Matrix<T> tiles_at(T* tiles, std::size_t count, std::size_t channels, std::size_t place) {
  return {tiles + place * channels, count, channels, tile_numbers(channels)};
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
