#pragma once

#include <string>

#include "exports/exported_network.h"

namespace espalier::exports {

/// The bytes of model.onnx: the input "images" [N, channels, height, width], N being free, and the output
/// "logits" [N, classes], with operators of kOnnxOpset.
///
/// The fields are those of onnx.proto3 in the ONNX standard (https://github.com/onnx/onnx), IR version 8.
std::string onnx_file(const ExportedNetwork& network);

}  // namespace espalier::exports
