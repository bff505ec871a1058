#include "kernels/matrix_product.h"

#include "network/kernels/every_target.h"

namespace espalier::testing {
namespace {

class MatrixProduct : public EveryTarget {};

/// Numbers of a [rows, columns] whose rows are some numbers further apart, which belong to something else.
template <class T>
struct Strided {
  Strided(std::size_t rows_, std::size_t columns_, std::uint64_t seed)
      : rows(rows_), columns(columns_), values(random_numbers<T>(rows_ * (columns_ + 3), seed)) {}

  std::size_t stride() const { return columns + 3; }
  T operator()(std::size_t row, std::size_t column) const { return values[row * stride() + column]; }
  kernels::Matrix<const T> read() const { return {values.data(), rows, columns, stride()}; }
  kernels::Matrix<T> write() { return {values.data(), rows, columns, stride()}; }

  std::size_t rows;
  std::size_t columns;
  std::vector<T> values;
};

template <class T>
void check_product(std::size_t rows, std::size_t inner, std::size_t columns, bool accumulate) {
  const Strided<T> a(rows, inner, 1);
  const Strided<T> b(inner, columns, 2);
  Strided<T> product(rows, columns, 3);
  std::vector<T> expected = product.values;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      T& sum = expected[r * product.stride() + c];
      if (!accumulate) sum = 0;
      for (std::size_t i = 0; i < inner; ++i) sum += a(r, i) * b(i, c);
    }
  }
  kernels::matrix_product(a.read(), b.read(), accumulate, product.write());
  expect_near(product.values, expected);
}

template <class T>
void check_transposed(std::size_t inner, std::size_t rows, std::size_t columns) {
  const Strided<T> a(inner, rows, 1);
  const Strided<T> b(inner, columns, 2);
  Strided<T> product(rows, columns, 3);
  std::vector<T> expected = product.values;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c)
      for (std::size_t i = 0; i < inner; ++i) expected[r * product.stride() + c] += a(i, r) * b(i, c);
  kernels::add_transposed_product(a.read(), b.read(), product.write());
  expect_near(product.values, expected);
}

TEST_P(MatrixProduct, IsThatOfPlainLoops) {
  for (const std::size_t inner : {1, 3, 16, 33}) {
    for (const std::size_t columns : kChannels) {
      for (const std::size_t rows : {1, 2, 3, 7, 8, 13, 33}) {
        check_product<float>(rows, inner, columns, rows % 2 == 0);
        check_product<double>(rows, inner, columns, rows % 2 != 0);
      }
    }
  }
}

TEST_P(MatrixProduct, OverNothingIsZero) { check_product<float>(9, 0, 17, false); }

TEST_P(MatrixProduct, TransposedIsThatOfPlainLoops) {
  for (const std::size_t inner : {1, 2, 33}) {
    for (const std::size_t columns : kChannels) {
      for (const std::size_t rows : kChannels) {
        check_transposed<float>(inner, rows, columns);
        check_transposed<double>(inner, rows, columns);
      }
    }
  }
}

TEST_P(MatrixProduct, TransposedAddsChunksOfManyRows) {
  check_transposed<float>(1000, 17, 33);
  check_transposed<double>(301, 140, 150);
}

ESPALIER_EVERY_TARGET(MatrixProduct);

}  // namespace
}  // namespace espalier::testing
