#include "espalier/layers/layer.h"
#include "espalier/layers/overloaded.h"
#include "layers/layer_call.h"

// FLOPs are counted as tensorwatch counts them, from which the NAS-Bench-201 column of NAS-Bench-Suite-Zero
// (Krishnakumar et al., 2022) comes. The counts of all its 9,445 cells are reproduced exactly:
//
//   convolution           one for each multiply-add, and one for each output element if there is a bias
//   linear                one for each multiply-add, none for a bias
//   batch norm            two for each element, or one if it is never affine
//   layer norm            two for each element
//   ReLU, activations     one for each element
//   max and average pool  kernel² for each output element, padding included
//   global average pool   (height + 1)·(width + 1) for each channel, a convention of tensorwatch
//   all others            none: sums, products, concatenations, slices, shuffles, identity, zero, dropout,
//                         shift
//
// No cell of NAS-Bench-201 has a layer norm, an activation other than ReLU, a product, a slice or a shuffle.
// Their counts follow tensorwatch's idea: it counts modules, each kind by the example of its nearest
// relative, and what combines tensors between the modules, as sums and products do, is not seen.
//
// Multiply-adds are counted as NAS-Bench-201's authors count them (get_model_infos of AutoDL-Projects), and
// published as the FLOPs of NAS-Bench-201 and NATS-Bench. Their sum takes convolutions and linear layers
// only:
//
//   convolution           one for each multiply-add, and one for each output element if there is a bias
//   linear                one for each multiply-add, and one for each output element if there is a bias
//   all others            none; their hooks for pools count, but their sum leaves pools out
//
// That they count the bias of the linear layer, unlike tensorwatch, shows in the published figures of cell
// 284 on CIFAR-100: 11.7211 million, and 11.7210 without the bias of 100 classes.

namespace espalier {
namespace {

template <class Pool>
std::int64_t pool_flops(const Pool& pool, const Shape& output) {
  return output.elements() * pool.kernel * pool.kernel;
}

std::int64_t filter_size(const Conv2d& conv, const Shape& input) {
  const int groups = conv.groups == kDepthwise ? input.channels : conv.groups;
  return std::int64_t{conv.kernel} * conv.kernel * (input.channels / groups);
}

std::int64_t convolution_operations(const Conv2d& conv, const Shape& input, const Shape& output) {
  return output.elements() * (filter_size(conv, input) + (conv.bias ? 1 : 0));
}

}  // namespace

std::int64_t Layer::parameters(std::span<const Shape> inputs, Purpose purpose) const {
  const Shape output = output_shape(inputs);
  return std::visit(Overloaded{
                        [&](const Conv2d& conv) {
                          return output.channels * (filter_size(conv, inputs.front()) + (conv.bias ? 1 : 0));
                        },
                        [&](const BatchNorm& norm) {
                          const bool affine =
                              norm.affine == Affine::always ||
                              (norm.affine == Affine::evaluation && purpose == Purpose::evaluation);
                          return affine ? std::int64_t{2} * output.channels : std::int64_t{0};
                        },
                        [&](const LayerNorm&) { return std::int64_t{2} * output.channels; },
                        [&](const Linear& linear) {
                          return linear.out_features * (inputs.front().elements() + (linear.bias ? 1 : 0));
                        },
                        [&](const CustomLayer& layer) {
                          return call_layer(*layer.definition, "parameters()",
                                            [&] { return layer.definition->parameters(inputs, purpose); });
                        },
                        [](const auto&) { return std::int64_t{0}; },
                    },
                    value_);
}

std::int64_t Layer::flops(std::span<const Shape> inputs) const {
  const Shape output = output_shape(inputs);
  return std::visit(
      Overloaded{
          [&](const Conv2d& conv) { return convolution_operations(conv, inputs.front(), output); },
          [&](const Linear& linear) { return linear.out_features * inputs.front().elements(); },
          [&](const BatchNorm& norm) { return (norm.affine == Affine::never ? 1 : 2) * output.elements(); },
          [&](const LayerNorm&) { return 2 * output.elements(); },
          [&](const ReLU&) { return output.elements(); },
          [&](const Activation&) { return output.elements(); },
          [&](const MaxPool& pool) { return pool_flops(pool, output); },
          [&](const AvgPool& pool) { return pool_flops(pool, output); },
          [&](const GlobalAvgPool&) {
            const Shape& image = inputs.front();
            return std::int64_t{image.channels} * (image.height + 1) * (image.width + 1);
          },
          [&](const CustomLayer& layer) {
            return call_layer(*layer.definition, "flops()", [&] { return layer.definition->flops(inputs); });
          },
          [](const auto&) { return std::int64_t{0}; },
      },
      value_);
}

std::int64_t Layer::multiply_adds(std::span<const Shape> inputs) const {
  const Shape output = output_shape(inputs);
  return std::visit(
      Overloaded{
          [&](const Conv2d& conv) { return convolution_operations(conv, inputs.front(), output); },
          [&](const Linear& linear) {
            return linear.out_features * (inputs.front().elements() + (linear.bias ? 1 : 0));
          },
          [&](const CustomLayer& layer) {
            return call_layer(*layer.definition, "multiply_adds()",
                              [&] { return layer.definition->multiply_adds(inputs); });
          },
          [](const auto&) { return std::int64_t{0}; },
      },
      value_);
}

}  // namespace espalier
