#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "espalier/network/compile/execution.h"
#include "espalier/plugin/export.h"
#include "espalier/search/uses_weights.h"

namespace espalier {

/// UsesWeights for every trainer that keeps save_weights(), or the weights of a supernet.
class ESPALIER_EXPORT NetworkWeights : public UsesWeights {
 public:
  std::unique_ptr<TrainedNetwork> open_network(const SearchSpace& space, const Architecture& architecture,
                                               const StoredTensors& weights,
                                               const std::string& where) const override;
  std::string state_dict(const StoredTensors& weights) const override;
  std::string torch_script(std::string_view forward, const StoredTensors& weights) const override;

 protected:
  ~NetworkWeights() = default;

  /// [any-thread] How opened networks run.
  virtual CompileOptions compile_options() const = 0;
  /// [any-thread] Whether the weights are those of networks from scratch (SearchSpace::instantiate()), or
  /// those of a supernet that runs the architecture alone (SinglePath).
  virtual Purpose purpose() const { return Purpose::evaluation; }
};

}  // namespace espalier
