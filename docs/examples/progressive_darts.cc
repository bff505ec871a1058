#include <ATen/ATen.h>
#include <espalier/network/one_shot/one_shot_optimizer.h>
#include <espalier/plugin/plugin.h>
#include <espalier/search/searches_in_stages.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

/// The progressive search of P-DARTS (Chen et al., 2019): in each stage the supernet is deeper, and each
/// choice keeps only the candidates that were the strongest in the stage before.
class ProgressiveDarts final : public espalier::OneShotOptimizer, public espalier::SearchesInStages {
 public:
  explicit ProgressiveDarts(const espalier::Config& config)
      : OneShotOptimizer(config),
        keep_(config.integer<std::size_t>("keep", 100, "how many candidates of each choice are left",
                                          espalier::at_least(1))) {}

  nlohmann::json pass_on() const override { return strengths(); }
  void take_over(const nlohmann::json& passed) override {
    masks_.clear();
    for (const auto& strengths : passed.get<std::vector<std::vector<double>>>()) {
      std::vector<double> sorted = strengths;
      std::ranges::sort(sorted, std::greater());
      const double weakest = sorted[std::min(keep_, sorted.size()) - 1];
      at::Tensor& mask = masks_.emplace_back(at::zeros({std::ssize(strengths)}));
      for (std::size_t i = 0; i < strengths.size(); ++i)
        if (strengths[i] < weakest)
          mask[static_cast<std::int64_t>(i)] = -std::numeric_limits<double>::infinity();
    }
  }

 protected:
  void adapt_impl() override {
    for (const espalier::Choice& choice : space().choices())
      masks_.push_back(at::zeros({std::ssize(choice.candidates)}));
  }
  std::shared_ptr<espalier::OpWeighting> relax_impl(const at::Tensor& alpha, std::size_t choice) override {
    return std::make_shared<Masked>(alpha, masks_[choice]);
  }
  std::vector<std::vector<double>> strengths_impl() const override {
    std::vector<std::vector<double>> all;
    for (std::size_t choice = 0; choice < masks_.size(); ++choice) {
      const at::Tensor strengths =
          at::softmax((alphas()[choice].detach() + masks_[choice]).to(at::kDouble), 0);
      all.emplace_back(strengths.data_ptr<double>(), strengths.data_ptr<double>() + strengths.numel());
    }
    return all;
  }

 private:
  struct Masked final : espalier::OpWeighting {
    Masked(at::Tensor alpha, const at::Tensor& mask)
        : alpha_(std::move(alpha)), mask_(mask.to(alpha_.scalar_type())) {}
    std::size_t size() const override { return static_cast<std::size_t>(alpha_.numel()); }
    bool runs(std::size_t candidate) const override { return mask_[candidate].item<double>() == 0.0; }
    at::Tensor weights() override { return at::softmax(alpha_ + mask_, 0); }
    at::Tensor alpha_, mask_;
  };

  std::size_t keep_;
  std::vector<at::Tensor> masks_;  ///< of each choice: 0 for a candidate that is left, and minus infinity
};

ESPALIER_OPTIMIZER(progressive_darts, ProgressiveDarts, "1.0.0")
