#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "espalier/files/safetensors.h"
#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"
#include "espalier/space/architecture.h"

namespace espalier {

class SearchSpace;

/// A trained network that computes.
class ESPALIER_EXPORT TrainedNetwork {
 public:
  virtual ~TrainedNetwork() = default;

  /// [one-thread] `images` are normalized, [N, channels, height, width]; the result is [N, classes].
  virtual std::vector<float> logits(std::span<const float> images) = 0;
};

/// The ability of a trainer to use the weights that its trainings keep, and to write them as PyTorch does.
class ESPALIER_EXPORT UsesWeights {
 public:
  /// [any-thread] The network of an architecture, as the trainer trains it, with the weights of a file, whose
  /// name appears in errors. Throws Error when they belong to another network.
  virtual std::unique_ptr<TrainedNetwork> open_network(const SearchSpace& space,
                                                       const Architecture& architecture,
                                                       const StoredTensors& weights,
                                                       const std::string& where) const = 0;

  /// [any-thread] The bytes of a file that torch.load() reads as a state_dict().
  virtual std::string state_dict(const StoredTensors& weights) const = 0;

  /// [any-thread] The bytes of a TorchScript file: a module that holds the weights under their names, dots
  /// making nested modules, and computes `forward`, the source of a method in TorchScript. Throws Error when
  /// LibTorch does not compile it.
  virtual std::string torch_script(std::string_view forward, const StoredTensors& weights) const = 0;

 protected:
  ~UsesWeights() = default;
};

}  // namespace espalier
