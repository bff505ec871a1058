#pragma once

#include <string_view>

namespace espalier::exports {

/// What the program carries of the folder files/.
std::string_view predict_py();
std::string_view predict_onnx_py();
std::string_view predict_cc();
std::string_view predict_cmake();
std::string_view verify_py();

}  // namespace espalier::exports
