#include "onnx_script.h"

#include "embed/embed.h"

ESPALIER_EMBED(onnx_helper_py, ONNX_HELPER)
