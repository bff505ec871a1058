#pragma once

#include <cstddef>

namespace espalier::kernels {

/// A row-major matrix, its rows `stride` numbers apart.
template <class T>
struct Matrix {
  T* values;
  std::size_t rows;
  std::size_t columns;
  std::size_t stride;
};

/// product = a·b, or product + a·b when `accumulate`. A 1×1 convolution is one, over pixels and channels; for
/// tall matrices and up to a few hundred columns, of which `b` stays in cache.
void matrix_product(const Matrix<const float>& a, const Matrix<const float>& b, bool accumulate,
                    const Matrix<float>& product);
void matrix_product(const Matrix<const double>& a, const Matrix<const double>& b, bool accumulate,
                    const Matrix<double>& product);

/// product += aᵀ·b, over the rows that both share: the gradient of a 1×1 convolution's filters.
void add_transposed_product(const Matrix<const float>& a, const Matrix<const float>& b,
                            const Matrix<float>& product);
void add_transposed_product(const Matrix<const double>& a, const Matrix<const double>& b,
                            const Matrix<double>& product);

}  // namespace espalier::kernels
