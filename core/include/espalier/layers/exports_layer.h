#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/layers/onnx_node.h"
#include "espalier/layers/shape.h"
#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"

namespace espalier {

/// What a layer is computed from in a file that is being written.
struct LayerCode {
  std::vector<std::string> inputs;  ///< the names of the tensors that enter
  std::vector<Shape> shapes;        ///< of the inputs, for one image
  /// The name of a parameter or buffer of the layer's module, such as "weight".
  std::function<std::string(std::string_view)> weight;
};

/// The ability of a LayerDefinition to be written into exported networks, in which there is no Espalier.
/// `espalier export` refuses networks whose layers lack it.
class ESPALIER_EXPORT ExportsLayer {
 public:
  /// [any-thread] An expression of Python, in the subset that TorchScript compiles, that computes the output
  /// in inference: "torch.softplus(x) * self.weight", with the names of `code`. `torch` is all that it can
  /// use.
  virtual std::string torch_expression(const LayerCode& code) const = 0;

  /// [any-thread] The same as nodes of ONNX, of which the last one gives `output`. Other names that they need
  /// begin with `output` and a dot.
  virtual std::vector<OnnxNode> onnx_nodes(const LayerCode& code, const std::string& output) const = 0;

 protected:
  ~ExportsLayer() = default;
};

}  // namespace espalier
