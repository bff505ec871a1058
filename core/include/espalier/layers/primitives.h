#pragma once

#include "espalier/layers/primitive.h"
#include "espalier/plugin/export.h"

/// The operations of the published spaces: NAS-Bench-201 (Dong & Yang, 2020), DARTS (Liu et al., 2019) and
/// the hierarchical space (Liu et al., 2018).
///
/// `channels` is the number of output channels; the number of input channels is inferred. Padding keeps the
/// height and width at stride 1, convolutions have no bias, and `affine` says when the batch norms learn a
/// scale and bias. All functions are [any-thread].
namespace espalier::primitives {

/// The input, unchanged.
ESPALIER_EXPORT Primitive identity();
/// All zeros.
ESPALIER_EXPORT Primitive zero(int stride = 1, int channels = kSameChannels);
/// ReLU, kernel×kernel convolution, batch norm.
ESPALIER_EXPORT Primitive relu_conv_bn(int channels, int kernel, int stride = 1,
                                       Affine affine = Affine::evaluation);
/// A separable convolution, twice: ReLU, depthwise kernel×kernel convolution, 1×1 convolution, batch norm.
/// The first has the stride.
ESPALIER_EXPORT Primitive sep_conv(int channels, int kernel, int stride = 1,
                                   Affine affine = Affine::evaluation);
/// A dilated separable convolution: ReLU, depthwise kernel×kernel convolution of dilation 2, 1×1 convolution,
/// batch norm.
ESPALIER_EXPORT Primitive dil_conv(int channels, int kernel, int stride = 1,
                                   Affine affine = Affine::evaluation);
/// Halves the height and width: ReLU; two 1×1 convolutions of stride 2, the second of the input shifted by a
/// pixel, each for half of the channels; batch norm. Throws Error when the number of channels is odd.
ESPALIER_EXPORT Primitive factorized_reduce(int channels, Affine affine = Affine::evaluation);
/// A 3×3 maximum pool of padding 1. With `batch_norm`, as in the DARTS space, a batch norm follows that is
/// never affine.
ESPALIER_EXPORT Primitive max_pool(int stride = 1, bool batch_norm = false);
/// A 3×3 average pool of padding 1, which does not count. `batch_norm` is that of max_pool().
ESPALIER_EXPORT Primitive avg_pool(int stride = 1, bool batch_norm = false);
/// kernel×kernel convolution, batch norm, ReLU (hierarchical space).
ESPALIER_EXPORT Primitive conv_bn_relu(int channels, int kernel, int stride = 1,
                                       Affine affine = Affine::evaluation);
/// Depthwise kernel×kernel convolution, batch norm, ReLU (hierarchical space).
ESPALIER_EXPORT Primitive depthwise_conv_bn_relu(int kernel, int stride = 1,
                                                 Affine affine = Affine::evaluation);
/// Scales each channel by a factor that follows from the means of all channels (Hu et al., 2018): global
/// average pool, 1×1 convolution to channels/reduction channels (at least one), ReLU, 1×1 convolution,
/// sigmoid, product with the input. Both convolutions have a bias. The input must have `channels` channels.
/// Throws Error unless `channels` and `reduction` are positive.
ESPALIER_EXPORT Primitive squeeze_excitation(int channels, int reduction = 4);

/// What reads the image: 3×3 convolution and batch norm.
ESPALIER_EXPORT Primitive stem(int channels);
/// NAS-Bench-201's residual block, which halves the height and width: the sum of two 3×3 relu_conv_bn() in a
/// row, the first of stride 2, and of a 2×2 average pool with a 1×1 convolution.
ESPALIER_EXPORT Primitive residual_block(int channels);
/// Global average pool and linear layer. With `bn_relu`, as in NAS-Bench-201, a batch norm and a ReLU come
/// first.
ESPALIER_EXPORT Primitive classifier(int classes, bool bn_relu = false);
/// The second classifier that DARTS trains at two thirds of the network's depth (Liu et al., 2019): ReLU; 5×5
/// average pool of stride 3; a 1×1 convolution to 128 and a 2×2 convolution to 768 channels, each with batch
/// norm and ReLU; a linear layer. It is made for inputs of 8×8 pixels and does not fit smaller ones.
ESPALIER_EXPORT Primitive auxiliary_head(int classes);

/// `path`, followed by a DropPath (Larsson et al., 2017) whose probability the training sets.
ESPALIER_EXPORT Primitive with_drop_path(const Primitive& path);

// How a node combines its inputs.

/// The sum of the inputs.
ESPALIER_EXPORT Primitive sum();
/// The channels of the inputs, one after another.
ESPALIER_EXPORT Primitive concat();
/// Concatenation, 1×1 convolution, batch norm (the output node of the hierarchical space's motifs).
ESPALIER_EXPORT Primitive concat_project(int channels, Affine affine = Affine::evaluation);

}  // namespace espalier::primitives
