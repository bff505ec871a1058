#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace espalier {

/// The value of an attribute of an ONNX node.
using OnnxAttribute =
    std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<float>>;

/// An operation of an ONNX graph, as the ONNX standard names it. Inputs and outputs are the names of tensors.
struct OnnxNode {
  std::string op;  ///< "Conv"
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::map<std::string, OnnxAttribute> attributes = {};
};

/// The version of ONNX's operators that exported networks use.
inline constexpr std::int64_t kOnnxOpset = 17;

}  // namespace espalier
