#pragma once

#include <string>

#include "espalier/exports/exported_network.h"
#include "espalier/plugin/export.h"

namespace espalier::exports {

/// [any-thread] The bytes of an ONNX file: the input "images" [N, channels, height, width], N being free, and
/// the output "logits" [N, classes], with operators of kOnnxOpset.
///
/// The fields are those of onnx.proto3 in the ONNX standard (https://github.com/onnx/onnx), IR version 8.
ESPALIER_EXPORT std::string onnx_file(const ExportedNetwork& network);

}  // namespace espalier::exports
