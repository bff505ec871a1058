#pragma once

#include "kernels/channel_sums.h"

namespace espalier::kernels {

/// to[p·to_stride + c] = from[p][c].
void copy_pixels(const Pixels<float>& from, float* to, std::size_t to_stride);
void copy_pixels(const Pixels<double>& from, double* to, std::size_t to_stride);

/// The channels of each pixel are `groups` groups, and are dealt out in turn: the first of each group, then
/// the second of each. to[p][c·groups + g] = from[p][g·(channels/groups) + c].
void shuffle_pixels(const Pixels<float>& from, std::size_t groups, float* to);
void shuffle_pixels(const Pixels<double>& from, std::size_t groups, double* to);

}  // namespace espalier::kernels
