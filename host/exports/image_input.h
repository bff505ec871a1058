#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "espalier/layers/shape.h"

namespace espalier::exports {

/// What becomes an input of a network, and what its outputs stand for: a network.json as a run keeps it.
struct ImageInput {
  std::string dataset;      ///< the name of the dataset plugin
  std::string preparation;  ///< in words, as the dataset gives it; may be empty
  Shape shape;
  std::vector<double> mean;
  std::vector<double> standard_deviation;
  std::vector<std::string> classes;  ///< in the order of the outputs
};

/// Reads the text of a network.json. Throws Error, which names the file, when it is damaged.
ImageInput image_input(const std::string& text, const std::string& where);

/// preprocess.json: the classes, the size, the channels, how a picture is cropped and scaled, the mean and
/// the deviation.
std::string preprocess_json(const ImageInput& input);

}  // namespace espalier::exports
