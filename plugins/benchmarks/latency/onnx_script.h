#pragma once

#include <string_view>

/// onnx_helper.py, which the library carries.
std::string_view onnx_helper_py();
