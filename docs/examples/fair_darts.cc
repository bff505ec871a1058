#include <ATen/ATen.h>
#include <espalier/network/one_shot/one_shot_optimizer.h>
#include <espalier/plugin/plugin.h>

/// FairDARTS (Chu et al., 2020): sigmoids, so that the candidates of a choice do not compete, and a loss that
/// drives each of them to 0 or 1.
class FairDarts final : public espalier::OneShotOptimizer {
 public:
  explicit FairDarts(const espalier::Config& config)
      : OneShotOptimizer(config),
        weight_(
            config.number("zero_one_weight", 10.0, "the weight of the zero-one loss", espalier::at_least(0))),
        warm_up_(config.integer("warm_up_epochs", 0, "in how many epochs only the weights learn",
                                espalier::at_least(0))) {}

 protected:
  std::shared_ptr<espalier::OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t) override {
    return std::make_shared<Sigmoids>(alpha);
  }
  bool learns_architecture_impl(int epoch) const override { return epoch >= warm_up_; }
  at::Tensor architecture_loss_impl() override {
    return -weight_ * (at::sigmoid(at::cat(alphas())) - 0.5).square().mean();
  }
  std::vector<std::vector<double>> strengths_impl() const override {
    std::vector<std::vector<double>> all;
    for (const at::Tensor& alpha : alphas()) {
      const at::Tensor strengths = at::sigmoid(alpha.detach().to(at::kDouble));
      all.emplace_back(strengths.data_ptr<double>(), strengths.data_ptr<double>() + strengths.numel());
    }
    return all;
  }
  std::map<std::string, double> figures_impl() const override {
    return {{"decided", at::sigmoid(at::cat(alphas())).ge(0.85).sum().item<double>()}};
  }

 private:
  struct Sigmoids final : espalier::OpWeighting {
    explicit Sigmoids(at::Tensor alpha) : alpha_(std::move(alpha)) {}
    std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
    at::Tensor weights() override { return at::sigmoid(alpha_); }
    at::Tensor alpha_;
  };

  double weight_;
  int warm_up_;
};

ESPALIER_OPTIMIZER(fair_darts, FairDarts, "1.0.0")
