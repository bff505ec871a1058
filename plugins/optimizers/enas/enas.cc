#include <ATen/ATen.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/network/one_shot/single_path.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/architecture_json.h"

using namespace espalier;

/// ENAS (Pham et al., 2018): each step trains the weights of an architecture that a controller draws, an LSTM
/// that decides choice after choice. After each epoch it learns by REINFORCE to draw what does well on
/// validation images. The defaults are those of the authors of NAS-Bench-201.
class Enas final : public OneShotOptimizer {
 public:
  explicit Enas(const Config& config)
      : hidden_(config.integer("hidden", 32, "units in each layer of the controller", between(1, 4096))),
        final_samples_(config.integer("final_samples", 100, "how many are judged at the end", at_least(1))),
        steps_(config.integer("controller_steps", 50UL, "how many follow each epoch", between(0, 10'000))),
        samples_(config.integer("samples", 20UL, "how many rewards a step averages", between(1, 10'000))),
        tau_(config.number("temperature", 5.0, "what divides the controller's logits", at_least(1e-6))),
        bound_(config.number("tanh_constant", 2.5, "the bound of the controller's logits", at_least(0))),
        entropy_(config.number("entropy_weight", 1e-4, "the weight of entropy in rewards", at_least(0))),
        decay_(config.number("baseline_decay", 0.99, "how much of the baseline remains", between(0, 1))),
        adam_{.moved = ParameterOptions::Moved::on_request, .clip = 5.0, .beta1 = 0.0, .epsilon = 1e-3} {
    adam_.learning_rate = config.number("controller_learning_rate", 1e-3,
                                        "the learning rate of Adam, which moves the controller", at_least(0));
  }

 protected:
  void adapt_impl() override { path_.emplace(space()); }
  std::shared_ptr<OpWeighting> relax_impl(const at::Tensor&, std::size_t choice) override {
    return path_->weighting(choice);
  }
  /// Choices share the embeddings and the last linear layer; one with few candidates uses the first rows.
  void begin_search_impl(at::ScalarType) override {
    std::int64_t most = 0;
    for (const Choice& choice : space().choices()) most = std::max(most, std::ssize(choice.candidates));
    const std::int64_t h = hidden_, g = 4 * h;
    controller_.clear();
    for (const std::vector<std::int64_t>& sizes : std::initializer_list<std::vector<std::int64_t>>{
             {most + 1, h}, {most, h}, {most}, {g, h}, {g, h}, {g}, {g}, {g, h}, {g, h}, {g}, {g}})
      controller_.push_back(at::empty(sizes, at::kDouble));
    Rng rng(seed(), "enas/controller");
    for (const at::Tensor& each : controller_)
      std::generate_n(each.data_ptr<double>(), each.numel(), [&] { return 0.2 * rng.uniform() - 0.1; });
    add_parameters("controller", controller_, adam_);
  }
  StepResult step_impl(const Batch& train, const Batch& validation) override {
    draw({seed(), "enas/step", steps()});
    return OneShotOptimizer::step_impl(train, validation);
  }
  /// One step of the controller. The network is in training mode: its batch norms normalize by the batch.
  bool end_epoch_impl(int epoch, SearchImages& images) override {
    if (moved_ == (epoch + 1) * steps_) return false;
    const std::uint64_t full_batches = std::max<std::uint64_t>(images.validation_batches(), 2) - 1;
    double& baseline = figures_["baseline"];
    if (moved_ % steps_ == 0) figures_["reward"] = figures_["path_entropy"] = 0.0;
    for (std::uint64_t i = moved_ * samples_; i < (moved_ + 1) * samples_; ++i) {
      const Path path = draw({seed(), "enas/reward", i});
      const double reward = evaluate(images.validation(i % full_batches)).correct + entropy_ * path.entropy;
      baseline = i == 0 ? reward : decay_ * baseline + (1.0 - decay_) * reward;
      (path.log_probability * ((baseline - reward) / static_cast<double>(samples_))).backward();
      figures_["reward"] += reward / static_cast<double>(steps_ * samples_);
      figures_["path_entropy"] += path.entropy / static_cast<double>(steps_ * samples_);
    }
    move_parameters("controller");
    return ++moved_ > 0;
  }
  /// Judges one architecture, and all of them by the same images.
  bool finish_impl(SearchImages& images) override {
    if (judged_ == final_samples_) return false;
    const Path path = draw({seed(), "enas/end", static_cast<std::uint64_t>(judged_)});
    const double percent = 100.0 * evaluate(images.validation(0)).correct;
    if (judged_++ == 0 || percent > figures_["best_accuracy"])
      std::tie(best_, figures_["best_accuracy"]) = std::pair(space().discretize(path.weights), percent);
    return true;
  }
  std::vector<std::vector<double>> strengths_impl() const override { return decide(nullptr).weights; }
  std::map<std::string, double> figures_impl() const override { return figures_; }
  Architecture final_architecture_impl() const override {
    return judged_ > 0 ? best_ : OneShotOptimizer::final_architecture_impl();
  }
  void save_impl(nlohmann::json& state) const override {
    state.update({{"moved", moved_}, {"judged", judged_}, {"best", best_}, {"figures", figures_}});
  }
  void load_impl(const nlohmann::json& state) override {
    state.at("moved").get_to(moved_);
    state.at("figures").get_to(figures_);
    state.at("best").get_to(best_);
    if (state.at("judged").get_to(judged_) > 0) space().check(best_);
  }

 private:
  struct Path {
    std::vector<std::vector<double>> weights;  ///< that space().discretize() makes its architecture of
    at::Tensor log_probability = at::zeros({}, at::kDouble);
    double entropy = 0.0;
  };
  Path draw(Rng rng) {
    Path path;
    path_->take(draw_allowed([&] { return space().discretize((path = decide(&rng)).weights); }));
    return path;
  }
  /// The most probable decisions, weighed by their probabilities, or draws, which outweigh all else. Where a
  /// space cannot take every draw, as in a DARTS cell, chance alone says which, so that no gradient is
  /// missed.
  Path decide(Rng* rng) const {
    Path path;
    const at::TensorList lstm = at::TensorList(controller_).slice(3);
    at::Tensor input = controller_[0].slice(0, -1), output;
    at::Tensor hidden = at::zeros({2, 1, hidden_}, at::kDouble), cell = hidden;
    for (const Choice& choice : space().choices()) {
      std::tie(output, hidden, cell) = at::lstm(input.unsqueeze(0), {hidden, cell}, lstm, /*has_biases=*/true,
                                                /*num_layers=*/2, /*dropout=*/0.0, false, false, false);
      const auto size = std::ssize(choice.candidates);
      const at::Tensor logits = at::linear(output, controller_[1], controller_[2]).view(-1).slice(0, 0, size);
      const at::Tensor logs = at::log_softmax(bound_ * at::tanh(logits / tau_), 0);
      const at::Tensor p = logs.detach().exp();
      path.entropy -= p.dot(logs.detach()).item<double>();
      auto& weights = path.weights.emplace_back(p.data_ptr<double>(), p.data_ptr<double>() + size);
      auto taken = std::ranges::max_element(weights);
      if (rng != nullptr) {
        taken = weights.begin();
        for (double left = rng->uniform(); left >= *taken && taken + 1 < weights.end();) left -= *taken++;
        for (double& weight : weights) weight *= 1e-9;
        *taken = 1.0 + rng->uniform();
      }
      const std::int64_t row = taken - weights.begin();
      path.log_probability = path.log_probability + logs[row];
      input = controller_[0].slice(0, row, row + 1);
    }
    return path;
  }

  int hidden_, final_samples_;
  std::uint64_t steps_, samples_, moved_ = 0;  ///< `moved_`: how many steps the controller has taken
  double tau_, bound_, entropy_, decay_;
  ParameterOptions adam_;
  std::optional<SinglePath> path_;
  std::vector<at::Tensor> controller_;  ///< embeddings, a linear layer, the two layers of the LSTM
  std::map<std::string, double> figures_;
  int judged_ = 0;     ///< how many architectures were judged at the end
  Architecture best_;  ///< of these
};

ESPALIER_OPTIMIZER(enas, Enas, "1.0.0")
