// Classifies pictures with LibTorch alone: predict NETWORK.pt PICTURE.ppm...
// ImageMagick makes such a file from any picture: convert picture.jpg picture.ppm
#include <torch/script.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include "preprocess.h"

/// A binary PPM file as [1, 3, height, width], from 0 to 1.
torch::Tensor read_ppm(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string kind;
  std::int64_t width = 0;
  std::int64_t height = 0;
  int most = 0;
  file >> kind >> width >> height >> most;
  file.get();
  if (!file || kind != "P6" || most != 255 || width < 1 || height < 1)
    throw std::runtime_error(path + " is no binary PPM file of 8 bits");
  torch::Tensor pixels = torch::empty({height, width, 3}, torch::kUInt8);
  file.read(static_cast<char*>(pixels.data_ptr()), pixels.numel());
  if (!file) throw std::runtime_error(path + " is cut short");
  return pixels.permute({2, 0, 1}).unsqueeze(0).to(torch::kFloat) / 255.0;
}

/// The middle of a picture, scaled and normalized as the training images were.
torch::Tensor prepared(torch::Tensor picture) {
  const double scale =
      std::min(static_cast<double>(picture.size(3)) / kWidth, static_cast<double>(picture.size(2)) / kHeight);
  const auto width = static_cast<std::int64_t>(scale * kWidth);
  const auto height = static_cast<std::int64_t>(scale * kHeight);
  picture = picture.slice(2, (picture.size(2) - height) / 2, (picture.size(2) - height) / 2 + height)
                .slice(3, (picture.size(3) - width) / 2, (picture.size(3) - width) / 2 + width);
  picture = at::_upsample_bilinear2d_aa(picture, {kHeight, kWidth}, /*align_corners=*/false);
  if (kChannels == 1) {  // as ITU-R 601 weighs red, green and blue
    const torch::Tensor weights = torch::tensor({0.299F, 0.587F, 0.114F}).view({1, 3, 1, 1});
    picture = (picture * weights).sum(1, /*keepdim=*/true);
  }
  const auto by_channel = [](const auto& numbers) {
    return torch::tensor(torch::ArrayRef<float>(numbers)).view({1, kChannels, 1, 1});
  };
  return (picture - by_channel(kMean)) / by_channel(kStandardDeviation);
}

int main(int count, char** arguments) try {
  if (count < 3) throw std::runtime_error("usage: predict NETWORK.pt PICTURE.ppm...");
  const c10::InferenceMode inference;
  torch::jit::Module network = torch::jit::load(arguments[1]);
  network.eval();
  for (int i = 2; i < count; ++i) {
    const torch::Tensor logits = network.forward({prepared(read_ppm(arguments[i]))}).toTensor();
    const torch::Tensor probabilities = logits.softmax(1)[0];
    const auto best = probabilities.argmax().item<std::int64_t>();
    std::printf("%s: %s (%.1f %%)\n", arguments[i], kClasses[best],
                100.0 * probabilities[best].item<double>());
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
