#include <ATen/ATen.h>
#include <espalier/network/one_shot/one_shot_optimizer.h>
#include <espalier/plugin/plugin.h>

/// FairDARTS (Chu et al., 2020) without its zero-one loss: sigmoids instead of the softmax of DARTS, so that
/// the candidates of a choice do not compete while the supernet is trained.
class MyOneShotOptimizer final : public espalier::OneShotOptimizer {
 public:
  explicit MyOneShotOptimizer(const espalier::Config& config)
      : OneShotOptimizer(config),
        temperature_(config.number(
            "temperature", 1.0, "the temperature of the sigmoids; higher values make the weights more alike",
            espalier::at_least(1e-3))) {}

 protected:
  std::shared_ptr<espalier::OpWeighting> relax_impl(const at::Tensor& alpha,
                                                    std::size_t /*choice*/) override {
    return std::make_shared<Sigmoids>(alpha, temperature_);
  }

 private:
  /// The weights of a choice's candidates: a differentiable function of its architecture parameters.
  class Sigmoids final : public espalier::OpWeighting {
   public:
    Sigmoids(at::Tensor alpha, double temperature) : alpha_(std::move(alpha)), temperature_(temperature) {}

    std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
    at::Tensor weights() override { return at::sigmoid(alpha_ / temperature_); }

   private:
    at::Tensor alpha_;
    double temperature_;
  };

  double temperature_;
};

ESPALIER_OPTIMIZER(my_one_shot_optimizer, MyOneShotOptimizer, "1.0.0")
