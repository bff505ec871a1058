#include "espalier/layers/primitives.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "espalier/errors/errors.h"

namespace espalier::primitives {
namespace {

std::string sized(const char* name, int kernel) { return fmt::format("{}_{}x{}", name, kernel, kernel); }

/// Padded so that an odd kernel keeps the size at stride 1.
Conv2d convolution(int channels, int kernel, int stride = 1) {
  return {.out_channels = channels, .kernel = kernel, .stride = stride, .padding = (kernel - 1) / 2};
}

Conv2d depthwise(int kernel, int stride, int dilation = 1) {
  return {.kernel = kernel,
          .stride = stride,
          .padding = dilation * (kernel - 1) / 2,
          .dilation = dilation,
          .groups = kDepthwise};
}

template <class Pool>
Primitive pool(const char* name, int stride, bool batch_norm) {
  std::vector<Layer> layers{Pool{.kernel = 3, .stride = stride, .padding = 1}};
  if (batch_norm) layers.emplace_back(BatchNorm{Affine::never});
  return {sized(name, 3), std::move(layers)};
}

}  // namespace

Primitive identity() { return {"identity", std::vector<Layer>{Identity{}}}; }

Primitive zero(int stride, int channels) {
  return {"zero", std::vector<Layer>{Zero{.stride = stride, .out_channels = channels}}};
}

Primitive relu_conv_bn(int channels, int kernel, int stride, Affine affine) {
  return {sized("relu_conv_bn", kernel),
          std::vector<Layer>{ReLU{}, convolution(channels, kernel, stride), BatchNorm{affine}}};
}

Primitive sep_conv(int channels, int kernel, int stride, Affine affine) {
  return {sized("sep_conv", kernel), std::vector<Primitive::Node>{
                                         {"relu", ReLU{}, {Primitive::kInput}},
                                         {"depthwise", depthwise(kernel, stride), {0}},
                                         // The first half keeps the number of channels, as in DARTS.
                                         {"pointwise", convolution(kSameChannels, 1), {1}},
                                         {"bn", BatchNorm{affine}, {2}},
                                         {"relu_2", ReLU{}, {3}},
                                         {"depthwise_2", depthwise(kernel, 1), {4}},
                                         {"pointwise_2", convolution(channels, 1), {5}},
                                         {"bn_2", BatchNorm{affine}, {6}},
                                     }};
}

Primitive dil_conv(int channels, int kernel, int stride, Affine affine) {
  return {sized("dil_conv", kernel), std::vector<Primitive::Node>{
                                         {"relu", ReLU{}, {Primitive::kInput}},
                                         {"depthwise", depthwise(kernel, stride, 2), {0}},
                                         {"pointwise", convolution(channels, 1), {1}},
                                         {"bn", BatchNorm{affine}, {2}},
                                     }};
}

Primitive factorized_reduce(int channels, Affine affine) {
  if (channels < 2 || channels % 2 != 0)
    throw Error({.what = fmt::format("factorized_reduce of {} channels", channels),
                 .expected = "an even number: each of its two convolutions gives half of them"});
  return {"factorized_reduce", std::vector<Primitive::Node>{
                                   {"relu", ReLU{}, {Primitive::kInput}},
                                   {"conv", convolution(channels / 2, 1, 2), {0}},
                                   {"shift", Shift{1}, {0}},
                                   {"conv_2", convolution(channels / 2, 1, 2), {2}},
                                   {"concat", Concat{}, {1, 3}},
                                   {"bn", BatchNorm{affine}, {4}},
                               }};
}

Primitive max_pool(int stride, bool batch_norm) { return pool<MaxPool>("max_pool", stride, batch_norm); }
Primitive avg_pool(int stride, bool batch_norm) { return pool<AvgPool>("avg_pool", stride, batch_norm); }

Primitive conv_bn_relu(int channels, int kernel, int stride, Affine affine) {
  return {sized("conv_bn_relu", kernel),
          std::vector<Layer>{convolution(channels, kernel, stride), BatchNorm{affine}, ReLU{}}};
}

Primitive depthwise_conv_bn_relu(int kernel, int stride, Affine affine) {
  return {sized("depthwise_conv_bn_relu", kernel),
          std::vector<Layer>{depthwise(kernel, stride), BatchNorm{affine}, ReLU{}}};
}

Primitive squeeze_excitation(int channels, int reduction) {
  if (channels < 1 || reduction < 1)
    throw Error({.what = fmt::format("squeeze_excitation of {} channels, reduced by {}", channels, reduction),
                 .expected = "at least one channel, and a reduction of at least 1"});
  const int squeezed = std::max(channels / reduction, 1);
  return {"squeeze_excitation", std::vector<Primitive::Node>{
                                    {"mean", GlobalAvgPool{}, {Primitive::kInput}},
                                    {"squeeze", Conv2d{.out_channels = squeezed, .bias = true}, {0}},
                                    {"relu", ReLU{}, {1}},
                                    {"excite", Conv2d{.out_channels = channels, .bias = true}, {2}},
                                    {"sigmoid", Activation{ActivationFunction::sigmoid}, {3}},
                                    {"multiply", Multiply{}, {Primitive::kInput, 4}},
                                }};
}

Primitive stem(int channels) {
  return {"stem", std::vector<Layer>{convolution(channels, 3), BatchNorm{Affine::always}}};
}

Primitive residual_block(int channels) {
  return {"residual_block",
          std::vector<Primitive::Node>{
              {"relu", ReLU{}, {Primitive::kInput}},
              {"conv", convolution(channels, 3, 2), {0}},
              {"bn", BatchNorm{Affine::always}, {1}},
              {"relu_2", ReLU{}, {2}},
              {"conv_2", convolution(channels, 3), {3}},
              {"bn_2", BatchNorm{Affine::always}, {4}},
              {"shortcut_pool", AvgPool{.kernel = 2, .stride = 2, .padding = 0}, {Primitive::kInput}},
              {"shortcut_conv", convolution(channels, 1), {6}},
              {"sum", Sum{}, {5, 7}},
          }};
}

Primitive classifier(int classes, bool bn_relu) {
  std::vector<Layer> layers;
  if (bn_relu) layers = {BatchNorm{Affine::always}, ReLU{}};
  layers.emplace_back(GlobalAvgPool{});
  layers.emplace_back(Linear{.out_features = classes});
  return {"classifier", std::move(layers)};
}

Primitive auxiliary_head(int classes) {
  return {"auxiliary_head", std::vector<Primitive::Node>{
                                {"relu", ReLU{}, {Primitive::kInput}},
                                {"pool", AvgPool{.kernel = 5, .stride = 3, .padding = 0}, {0}},
                                {"conv", convolution(128, 1), {1}},
                                {"bn", BatchNorm{Affine::always}, {2}},
                                {"relu_2", ReLU{}, {3}},
                                {"conv_2", Conv2d{.out_channels = 768, .kernel = 2}, {4}},
                                {"bn_2", BatchNorm{Affine::always}, {5}},
                                {"relu_3", ReLU{}, {6}},
                                {"linear", Linear{.out_features = classes}, {7}},
                            }};
}

Primitive with_drop_path(const Primitive& path) {
  std::vector<Primitive::Node> nodes = path.nodes();
  nodes.push_back({"drop_path", DropPath{}, {static_cast<int>(nodes.size()) - 1}});
  return {path.name(), std::move(nodes)};
}

Primitive sum() { return {"sum", std::vector<Layer>{Sum{}}}; }
Primitive concat() { return {"concat", std::vector<Layer>{Concat{}}}; }

Primitive concat_project(int channels, Affine affine) {
  return {"concat_project", std::vector<Layer>{Concat{}, convolution(channels, 1), BatchNorm{affine}}};
}

}  // namespace espalier::primitives
