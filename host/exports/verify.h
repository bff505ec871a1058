#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "espalier/data/dataset.h"
#include "espalier/search/uses_weights.h"
#include "exports/export_files.h"

namespace espalier::exports {

/// What came of running a file of an export.
struct VerifiedFormat {
  std::string missing;             ///< the Python module without which it cannot be run; empty where it ran
  double difference = 0.0;         ///< the largest to Espalier's logits
  std::optional<double> accuracy;  ///< of the test images, percent
};

struct Verified {
  std::map<std::string, VerifiedFormat> formats;  ///< by the name of the format
  double largest_logit = 0.0;
  std::size_t images = 0;
  bool test_images = false;  ///< whether they are those of the dataset, or else random ones
  std::string python;        ///< what ran it
};

/// Images to compare on: the test images of a dataset, or random pixels where there is none.
struct VerifyImages {
  Shape shape;
  std::vector<std::uint8_t> pixels;
  std::vector<std::uint16_t> labels;  ///< empty for random pixels
};
VerifyImages random_images(const Shape& shape, std::size_t count);

/// Runs what an export holds with Python, and compares its logits with those of `network` on the first
/// images, and its accuracy on all. Nothing where there is no such Python. Throws Error when it fails.
std::optional<Verified> verify(const std::filesystem::path& folder, const std::vector<Format>& formats,
                               TrainedNetwork& network, const ImageInput& input, const VerifyImages& images,
                               const std::string& python);

/// Whether the logits differ by no more than rounding: by 1e-5 of the largest logit, or of 1.
bool agrees(const Verified& verified, const VerifiedFormat& format);

/// Pixels as an input of the network.
std::vector<float> normalized(std::span<const std::uint8_t> pixels, const ImageInput& input);

}  // namespace espalier::exports
