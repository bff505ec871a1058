#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/plugin/plugin.h"

using namespace espalier;

namespace {

/// GDAS (Dong & Yang, 2019): each pass runs one candidate of each choice, drawn by a Gumbel-softmax with a
/// straight-through gradient.
class Gdas final : public OneShotOptimizer {
 public:
  explicit Gdas(const Config& config)
      : OneShotOptimizer(config),
        tau_max_(config.number(
            "tau_max", 10.0,
            "the temperature of the Gumbel-softmax in the first epoch; it changes linearly to tau_min",
            at_least(1e-6))),
        tau_min_(config.number("tau_min", 0.1, "the temperature of the Gumbel-softmax in the last epoch",
                               at_least(1e-6))),
        tau_(tau_max_) {}

 protected:
  std::shared_ptr<OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t choice) override {
    return std::make_shared<HardGumbelSoftmax>(*this, alpha, choice);
  }

  void begin_epoch_impl(int epoch, int epochs) override {
    tau_ = epochs < 2 ? tau_min_ : tau_max_ + (tau_min_ - tau_max_) * epoch / (epochs - 1);
  }

 private:
  class HardGumbelSoftmax final : public OpWeighting {
   public:
    HardGumbelSoftmax(const Gdas& gdas, at::Tensor alpha, std::size_t choice)
        : gdas_(gdas), alpha_(std::move(alpha)), stream_("gumbel/" + std::to_string(choice)) {}

    std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
    bool runs(std::size_t candidate) const override { return candidate == drawn_; }

    at::Tensor weights() override {
      Rng rng(gdas_.seed(), stream_, gdas_.passes());
      at::Tensor gumbel = at::empty_like(alpha_.detach());
      for (std::size_t i = 0; i < size(); ++i)
        gumbel[static_cast<std::int64_t>(i)] = -std::log(-std::log(std::max(rng.uniform(), 1e-300)));
      const at::Tensor soft = at::softmax((at::log_softmax(alpha_, 0) + gumbel) / gdas_.tau_, 0);
      drawn_ = static_cast<std::size_t>(soft.argmax().item<std::int64_t>());
      const at::Tensor hard = at::zeros_like(gumbel).index_fill_(0, soft.argmax().unsqueeze(0), 1.0);
      return hard + soft - soft.detach();
    }

   private:
    const Gdas& gdas_;
    at::Tensor alpha_;
    std::string stream_;
    std::size_t drawn_ = 0;
  };

  double tau_max_;
  double tau_min_;
  double tau_;
};

}  // namespace

ESPALIER_OPTIMIZER(gdas, Gdas, "1.0.0")
