// Products of matrices, compiled once for each instruction set: included inside HWY_BEFORE_NAMESPACE().
//
// A block of the product, a few rows by a few vectors of columns, is summed in registers: for each i, the
// vectors b[i, columns] are loaded once and multiplied with a[row, i] of every row. So a block of R rows and
// V vectors loads R + V operands for R·V multiplications, and memory is written only once. This is the
// innermost kernel of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008; the
// packing and blocking for caches around it are left out, as these matrices are small.
#if defined(ESPALIER_KERNELS_MATRIX_PRODUCT_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef ESPALIER_KERNELS_MATRIX_PRODUCT_INL_H
#undef ESPALIER_KERNELS_MATRIX_PRODUCT_INL_H
#else
#define ESPALIER_KERNELS_MATRIX_PRODUCT_INL_H
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "kernels/matrix_product.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// How many rows a block of kVectors vectors of columns has: as many as leave registers for the factors, and
/// at least so many that there are eight sums, since two multipliers of four cycles each are busy with eight
/// independent ones. x86 has 16 vector registers before AVX-512, and 32 with it.
template <std::size_t kVectors>
constexpr std::size_t kBlockRows = (HWY_TARGET & (HWY_SSSE3 | HWY_SSE4 | HWY_AVX2)) == 0 || kVectors == 1
                                       ? 8
                                       : 12 / kVectors;

/// The left factor: its element (row, i) is values[row·row_step + i·inner_step]. One of the steps is 1, and
/// its type UnitStep tells the compiler so: that of the rows for a transposed matrix, otherwise the other
/// one.
template <class T, class RowStep, class InnerStep>
struct LeftFactor {
  const T* values;
  std::size_t rows;
  std::size_t inner;
  RowStep row_step;
  InnerStep inner_step;
};

using UnitStep = std::integral_constant<std::size_t, 1>;

/// Computes the block of kRows rows from `row` on and kVectors vectors of columns from column `c` on.
template <std::size_t kRows, std::size_t kVectors, class D, class T, class Left>
HWY_INLINE void product_block(D d, const Left& a, const Matrix<const T>& b, bool accumulate,
                              const Matrix<T>& product, std::size_t row, std::size_t c) {
  const std::size_t lanes = hn::Lanes(d);
  hn::Vec<D> sums[kRows][kVectors];
  for (auto& of_row : sums)
    for (auto& sum : of_row) sum = hn::Zero(d);

  const T* HWY_RESTRICT left = a.values + row * a.row_step;
  const T* HWY_RESTRICT right = b.values + c;
  for (std::size_t i = 0; i < a.inner; ++i, left += a.inner_step, right += b.stride) {
    hn::Vec<D> columns[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) columns[v] = hn::LoadU(d, right + v * lanes);
    for (std::size_t r = 0; r < kRows; ++r) {
      const auto factor = hn::Set(d, left[r * a.row_step]);
      for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(factor, columns[v], sums[r][v]);
    }
  }

  T* to = product.values + row * product.stride + c;
  for (std::size_t r = 0; r < kRows; ++r, to += product.stride) {
    for (std::size_t v = 0; v < kVectors; ++v) {
      const auto sum = accumulate ? hn::Add(hn::LoadU(d, to + v * lanes), sums[r][v]) : sums[r][v];
      hn::StoreU(sum, d, to + v * lanes);
    }
  }
}

/// Computes the rows from `row` on: in blocks of kRows rows, and the remaining ones in blocks of 4, 2 and 1.
template <std::size_t kRows, std::size_t kVectors, class D, class T, class Left>
HWY_INLINE void product_rows(D d, const Left& a, const Matrix<const T>& b, bool accumulate,
                             const Matrix<T>& product, std::size_t row, std::size_t c) {
  for (; row + kRows <= a.rows; row += kRows)
    product_block<kRows, kVectors>(d, a, b, accumulate, product, row, c);
  constexpr std::size_t kFewer = kRows > 4 ? 4 : kRows / 2;
  if constexpr (kFewer > 0) product_rows<kFewer, kVectors>(d, a, b, accumulate, product, row, c);
}

/// Not inlined, so that the compiler allocates registers for one shape of block at a time. The matrices are
/// passed by value, so that it knows that no store changes a stride.
template <std::size_t kVectors, class D, class T, class Left>
HWY_NOINLINE void product_columns(D d, Left a, Matrix<const T> b, bool accumulate, Matrix<T> product,
                                  std::size_t c) {
  product_rows<kBlockRows<kVectors>, kVectors>(d, a, b, accumulate, product, 0, c);
}

template <class T, class Left>
HWY_INLINE void product_of(const Left& a, const Matrix<const T>& b, bool accumulate,
                           const Matrix<T>& product) {
  const hn::ScalableTag<T> whole;
  const hn::CappedTag<T, 4> four;
  const hn::CappedTag<T, 1> one;
  const std::size_t lanes = hn::Lanes(whole);
  std::size_t c = 0;
  // 2 + 2 vectors rather than 3 + 1: the block of a single vector would read the whole left factor for it.
  for (; c + 5 * lanes <= b.columns || c + 3 * lanes == b.columns; c += 3 * lanes)
    product_columns<3>(whole, a, b, accumulate, product, c);
  for (; c + 2 * lanes <= b.columns; c += 2 * lanes) product_columns<2>(whole, a, b, accumulate, product, c);
  for (; c + lanes <= b.columns; c += lanes) product_columns<1>(whole, a, b, accumulate, product, c);
  for (; c + hn::Lanes(four) <= b.columns; c += hn::Lanes(four))
    product_columns<1>(four, a, b, accumulate, product, c);
  for (; c < b.columns; ++c) product_columns<1>(one, a, b, accumulate, product, c);
}

template <class T>
HWY_INLINE void multiply(const Matrix<const T>& a, const Matrix<const T>& b, bool accumulate,
                         const Matrix<T>& product) {
  const LeftFactor<T, std::size_t, UnitStep> left{a.values, a.rows, a.columns, a.stride, {}};
  product_of(left, b, accumulate, product);
}

/// Takes as many rows at a time as stay in the first-level cache, of 32 KiB, with those of both factors.
template <class T>
HWY_INLINE void multiply_transposed(const Matrix<const T>& a, const Matrix<const T>& b, bool accumulate,
                                    const Matrix<T>& product) {
  const std::size_t fitting = (32 << 10) / sizeof(T) / (a.columns + b.columns + 1);
  const std::size_t chunk = std::max<std::size_t>(fitting, 32);
  for (std::size_t begin = 0; begin < a.rows; begin += chunk) {
    const std::size_t rows = std::min(chunk, a.rows - begin);
    const LeftFactor<T, UnitStep, std::size_t> left{
        a.values + begin * a.stride, a.columns, rows, {}, a.stride};
    product_of(left, {b.values + begin * b.stride, rows, b.columns, b.stride}, accumulate || begin > 0,
               product);
  }
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
