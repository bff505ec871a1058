#pragma once

#include <memory>
#include <string>
#include <vector>

#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/plugin/plugin_base.h"
#include "espalier/space/choice.h"

namespace espalier {

/// What an optimizer made of a choice, looked at before a network relies on it: a mistake is a PluginFailure
/// that names the optimizer, the choice and the value.
class CheckedWeighting final : public OpWeighting {
 public:
  /// `optimizer` and `choice` outlive it. `alpha` are the architecture parameters that `weighting` was made
  /// from; undefined where the optimizer has none.
  CheckedWeighting(const Plugin& optimizer, const Choice& choice, at::Tensor alpha,
                   std::shared_ptr<OpWeighting> weighting);

  std::size_t size() const override { return choice_.candidates.size(); }
  bool runs(std::size_t candidate) const override;
  at::Tensor weights() override;

 private:
  void check_running(const std::vector<double>& values) const;
  [[noreturn]] void refuse(const char* call, const std::string& found, const std::string& expected) const;

  const Plugin& optimizer_;
  const Choice& choice_;
  at::Tensor alpha_;
  std::shared_ptr<OpWeighting> weighting_;
  std::string expected_;  ///< of weights()
};

}  // namespace espalier
