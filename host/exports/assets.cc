#include "exports/assets.h"

#include "embed/embed.h"

namespace espalier::exports {

ESPALIER_EMBED(predict_py, EXPORT_FILES "/predict.py")
ESPALIER_EMBED(predict_onnx_py, EXPORT_FILES "/predict_onnx.py")
ESPALIER_EMBED(predict_cc, EXPORT_FILES "/predict.cc")
ESPALIER_EMBED(predict_cmake, EXPORT_FILES "/CMakeLists.txt")
ESPALIER_EMBED(verify_py, EXPORT_FILES "/verify.py")

}  // namespace espalier::exports
