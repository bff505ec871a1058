#pragma once

#include <cstddef>
#include <span>

#include "kernels/padded_image.h"

namespace espalier::kernels {

// 3×3 convolutions of stride 1 by Winograd's minimal filtering F(2×2, 3×3) (Lavin and Gray, "Fast Algorithms
// for Convolutional Neural Networks", 2016). The output is cut into tiles of 2×2 pixels, each of which
// depends on a tile d of 4×4 pixels of the padded input. For filters w of 3×3 numbers,
//
//     tile of the output = Aᵀ·[(G·w·Gᵀ) ⊙ (Bᵀ·d·B)]·A
//
// where ⊙ multiplies element by element, and
//
//           ⎡1  0 −1  0⎤       ⎡ 1   0   0 ⎤
//      Bᵀ = ⎢0  1  1  0⎥   G = ⎢ ½   ½   ½ ⎥   Aᵀ = ⎡1  1  1  0⎤
//           ⎢0 −1  1  0⎥       ⎢ ½  −½   ½ ⎥        ⎣0  1 −1 −1⎦
//           ⎣0  1  0 −1⎦       ⎣ 0   0   1 ⎦
//
// Over all channels, ⊙ becomes a product of matrices [tiles, inputs]·[inputs, outputs] for each of the 16
// places of a transformed tile: 16 multiplications for a tile, where the definition takes 4·9 = 36. The
// transforms are additions, but for the filters', which are transformed only once.
//
// The matrices are constants, and so the gradients are the transposed steps: that of the input is the same
// convolution with rotated filters; that of the filters is Gᵀ·[Σ_tiles (Bᵀ·d·B) ⊙ (A·g·Aᵀ)]·G for g the
// gradient of a tile of the output. The tiles, of one image or several, are taken in strips that stay in
// cache.

/// The sizes of such a convolution.
struct WinogradShape {
  std::size_t images;
  std::size_t height;  ///< of the output; the padded input has two rows and columns more
  std::size_t width;
  std::size_t inputs;   ///< channels
  std::size_t outputs;  ///< channels
};

/// How many numbers of scratch memory the functions below need.
std::size_t winograd_scratch(const WinogradShape& shape);

/// G·w·Gᵀ: filters [3·3, inputs, outputs] → transformed [16, inputs, outputs].
void winograd_filters(const float* filters, const WinogradShape& shape, float* transformed);
void winograd_filters(const double* filters, const WinogradShape& shape, double* transformed);

/// Some of the output channels: several convolutions that are computed as one may have outputs of their own.
template <class T>
struct WinogradOutput {
  Images<T> images;  ///< [height, width, channels]
  std::size_t channels;
};

/// padded [height + 2, width + 2, inputs] → outputs, which take the output channels in their order. With
/// `accumulate`, the result is added to what is there. The gradient of the input is the same function of the
/// padded gradient of the output, with filters that are rotated by half a turn and have their channels
/// exchanged.
void winograd(const Images<const float>& padded, const WinogradShape& shape, const float* transformed,
              float* scratch, std::span<const WinogradOutput<float>> outputs, bool accumulate);
void winograd(const Images<const double>& padded, const WinogradShape& shape, const double* transformed,
              double* scratch, std::span<const WinogradOutput<double>> outputs, bool accumulate);

/// Σ_tiles (Bᵀ·d·B) ⊙ (A·g·Aᵀ) of some images → transformed_gradient [16, inputs, outputs], for `gradient`
/// [height, width, outputs]; with `accumulate`, it is added to what is there. winograd_filters_backward()
/// turns the sum over all images into the gradient of the filters.
void winograd_backward_filters(const Images<const float>& padded, const WinogradShape& shape,
                               const Images<const float>& gradient, float* scratch, bool accumulate,
                               float* transformed_gradient);
void winograd_backward_filters(const Images<const double>& padded, const WinogradShape& shape,
                               const Images<const double>& gradient, double* scratch, bool accumulate,
                               double* transformed_gradient);

/// Gᵀ·t·G: transformed_gradient [16, inputs, outputs] → filters_gradient [3·3, inputs, outputs].
void winograd_filters_backward(const float* transformed_gradient, const WinogradShape& shape,
                               float* filters_gradient);
void winograd_filters_backward(const double* transformed_gradient, const WinogradShape& shape,
                               double* filters_gradient);

}  // namespace espalier::kernels
