#pragma once

#include "espalier/layers/primitive.h"
#include "espalier/plugin/export.h"

/// The operations of the published spaces (NAS-Bench-201, DARTS, hierarchical).
///
/// Channels: `channels` is the number that leaves; what enters is inferred. Padding keeps the size
/// at stride 1. Batch norms of candidates are affine only in networks trained from scratch.
namespace espalier::primitives {

ESPALIER_EXPORT Primitive identity();
ESPALIER_EXPORT Primitive zero(int stride = 1, int channels = kSameChannels);
/// ReLU, convolution kernel×kernel without bias, batch norm.
ESPALIER_EXPORT Primitive relu_conv_bn(int channels, int kernel, int stride = 1,
                                       Affine affine = Affine::evaluation);
/// Twice (ReLU, depthwise kernel×kernel, pointwise, batch norm); the stride in the first.
ESPALIER_EXPORT Primitive sep_conv(int channels, int kernel, int stride = 1,
                                   Affine affine = Affine::evaluation);
/// ReLU, depthwise kernel×kernel of dilation 2, pointwise, batch norm.
ESPALIER_EXPORT Primitive dil_conv(int channels, int kernel, int stride = 1,
                                   Affine affine = Affine::evaluation);
/// ReLU, two 1×1 convolutions of stride 2 (the second on the input shifted by a pixel) side by side,
/// batch norm. Throws Error for an odd number of channels.
ESPALIER_EXPORT Primitive factorized_reduce(int channels, Affine affine = Affine::evaluation);
/// 3×3, padding 1; with `batch_norm` (the DARTS space) a batch norm that is never affine follows.
ESPALIER_EXPORT Primitive max_pool(int stride = 1, bool batch_norm = false);
/// 3×3, padding 1 that is not counted; with `batch_norm` as max_pool.
ESPALIER_EXPORT Primitive avg_pool(int stride = 1, bool batch_norm = false);
/// Convolution kernel×kernel, batch norm, ReLU (hierarchical space).
ESPALIER_EXPORT Primitive conv_bn_relu(int channels, int kernel, int stride = 1,
                                       Affine affine = Affine::evaluation);
/// Depthwise kernel×kernel, batch norm, ReLU (hierarchical space).
ESPALIER_EXPORT Primitive depthwise_conv_bn_relu(int kernel, int stride = 1,
                                                 Affine affine = Affine::evaluation);

/// Convolution 3×3 and batch norm: what the image meets first.
ESPALIER_EXPORT Primitive stem(int channels);
/// NAS-Bench-201's residual block of stride 2: two ReLUConvBN 3×3; beside them average pool 2 and
/// convolution 1×1; their sum.
ESPALIER_EXPORT Primitive residual_block(int channels);
/// Global average pool and linear classifier; with `bn_relu` a batch norm and a ReLU before
/// (NAS-Bench-201).
ESPALIER_EXPORT Primitive classifier(int classes, bool bn_relu = false);
/// The classifier that DARTS trains beside the network from 2/3 of its depth on (Liu et al., 2019): ReLU,
/// average pool 5×5 of stride 3, convolutions 1×1 to 128 and 2×2 to 768 channels, each with batch norm and
/// ReLU, and a linear layer. For images of 8×8; smaller than 8×8 does not fit.
ESPALIER_EXPORT Primitive auxiliary_head(int classes);

/// A path that is dropped as a whole, with the probability that a training sets (Larsson et al., 2017).
ESPALIER_EXPORT Primitive with_drop_path(const Primitive& path);

/// Combine operations: what a node does with all that enters it.
ESPALIER_EXPORT Primitive sum();
ESPALIER_EXPORT Primitive concat();
/// Concatenation, convolution 1×1, batch norm (the output of the hierarchical space's motifs).
ESPALIER_EXPORT Primitive concat_project(int channels, Affine affine = Affine::evaluation);

}  // namespace espalier::primitives
