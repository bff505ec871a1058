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

/// product = a·b; with `accumulate`, product += a·b. A 1×1 convolution is such a product, of pixels by
/// channels and channels by channels. Made for tall `a` and up to a few hundred columns, so that `b` stays in
/// cache; each call runs on one thread, since its callers deal out images among threads. A BLAS is made for
/// large matrices, and starts threads of its own.
void matrix_product(const Matrix<const float>& a, const Matrix<const float>& b, bool accumulate,
                    const Matrix<float>& product);
void matrix_product(const Matrix<const double>& a, const Matrix<const double>& b, bool accumulate,
                    const Matrix<double>& product);

/// product += aᵀ·b, summed over the rows of both: the gradient of the filters of a 1×1 convolution.
void add_transposed_product(const Matrix<const float>& a, const Matrix<const float>& b,
                            const Matrix<float>& product);
void add_transposed_product(const Matrix<const double>& a, const Matrix<const double>& b,
                            const Matrix<double>& product);

}  // namespace espalier::kernels
