#include "kernels/matrix_product.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/matrix_product.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/matrix_product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace espalier::kernels::HWY_NAMESPACE {

void multiply_float(const Matrix<const float>& a, const Matrix<const float>& b, bool accumulate,
                    const Matrix<float>& product) {
  multiply<float>(a, b, accumulate, product);
}

void multiply_double(const Matrix<const double>& a, const Matrix<const double>& b, bool accumulate,
                     const Matrix<double>& product) {
  multiply<double>(a, b, accumulate, product);
}

void add_transposed_float(const Matrix<const float>& a, const Matrix<const float>& b,
                          const Matrix<float>& product) {
  multiply_transposed<float>(a, b, /*accumulate=*/true, product);
}

void add_transposed_double(const Matrix<const double>& a, const Matrix<const double>& b,
                           const Matrix<double>& product) {
  multiply_transposed<double>(a, b, /*accumulate=*/true, product);
}

}  // namespace espalier::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace espalier::kernels {

HWY_EXPORT(multiply_float);
HWY_EXPORT(multiply_double);
HWY_EXPORT(add_transposed_float);
HWY_EXPORT(add_transposed_double);

void matrix_product(const Matrix<const float>& a, const Matrix<const float>& b, bool accumulate,
                    const Matrix<float>& product) {
  HWY_DYNAMIC_DISPATCH(multiply_float)(a, b, accumulate, product);
}

void matrix_product(const Matrix<const double>& a, const Matrix<const double>& b, bool accumulate,
                    const Matrix<double>& product) {
  HWY_DYNAMIC_DISPATCH(multiply_double)(a, b, accumulate, product);
}

void add_transposed_product(const Matrix<const float>& a, const Matrix<const float>& b,
                            const Matrix<float>& product) {
  HWY_DYNAMIC_DISPATCH(add_transposed_float)(a, b, product);
}

void add_transposed_product(const Matrix<const double>& a, const Matrix<const double>& b,
                            const Matrix<double>& product) {
  HWY_DYNAMIC_DISPATCH(add_transposed_double)(a, b, product);
}

}  // namespace espalier::kernels
#endif
