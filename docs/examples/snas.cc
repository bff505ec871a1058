#include <ATen/ATen.h>
#include <espalier/network/one_shot/one_shot_optimizer.h>
#include <espalier/plugin/plugin.h>

/// SNAS (Xie et al., 2019): weighs every candidate by a sample of the Gumbel-softmax.
class Snas final : public espalier::OneShotOptimizer {
 public:
  explicit Snas(const espalier::Config& config)
      : OneShotOptimizer(config),
        temperature_(config.number("temperature", 1.0, "the temperature of the Gumbel-softmax",
                                   espalier::at_least(1e-3))) {}

 protected:
  std::shared_ptr<espalier::OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t choice) override {
    return std::make_shared<Sample>(*this, alpha, choice);
  }

 private:
  struct Sample final : espalier::OpWeighting {
    Sample(const Snas& snas, at::Tensor alpha, std::size_t choice)
        : snas_(snas), alpha_(std::move(alpha)), choice_(choice) {}
    std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
    at::Tensor weights() override {
      espalier::Rng rng(snas_.seed(), "snas/" + std::to_string(choice_), snas_.passes());
      at::Tensor gumbel = at::zeros_like(alpha_.detach());
      for (std::int64_t i = 0; i < gumbel.numel(); ++i)
        gumbel[i] = -std::log(-std::log(std::max(rng.uniform(), 1e-300)));
      return at::softmax((at::log_softmax(alpha_, 0) + gumbel) / snas_.temperature_, 0);
    }

    const Snas& snas_;
    at::Tensor alpha_;
    std::size_t choice_;
  };

  double temperature_;
};

ESPALIER_OPTIMIZER(snas, Snas, "1.0.0")
