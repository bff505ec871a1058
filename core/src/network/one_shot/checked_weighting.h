#pragma once

#include <memory>
#include <string>

#include "espalier/network/one_shot/op_weighting.h"
#include "espalier/plugin/plugin_base.h"

namespace espalier {

/// What an optimizer made of a choice, looked at before a network relies on it: a mistake is a PluginFailure
/// that names the optimizer, the choice and the value.
class CheckedWeighting final : public OpWeighting {
 public:
  /// `optimizer` outlives it. `alpha` are the parameters that `weighting` was made from.
  CheckedWeighting(const Plugin& optimizer, std::string choice, at::Tensor alpha,
                   std::shared_ptr<OpWeighting> weighting);

  std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
  std::optional<std::size_t> selected() const override;
  at::Tensor weights() override;

 private:
  [[noreturn]] void refuse(const char* call, const std::string& found, const std::string& expected) const;

  const Plugin& optimizer_;
  std::string choice_;
  at::Tensor alpha_;
  std::shared_ptr<OpWeighting> weighting_;
  std::string expected_;  ///< of weights()
};

}  // namespace espalier
