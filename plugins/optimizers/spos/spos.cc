#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "espalier/network/one_shot/inherited_accuracy.h"
#include "espalier/network/one_shot/one_shot_optimizer.h"
#include "espalier/network/one_shot/single_path.h"
#include "espalier/plugin/plugin.h"
#include "espalier/space/architecture_json.h"

using namespace espalier;

using Judged = std::pair<double, Architecture>;  ///< an accuracy, and what reached it

/// Single path one-shot (Guo et al., 2020): each step trains the weights of one random architecture. After
/// the last epoch an evolution looks for the architecture that does best with the weights that it inherits.
class Spos final : public OneShotOptimizer {
 public:
  explicit Spos(const Config& config)
      : generations_(config.integer("generations", 20, "how many generations evolve; 0: none", at_least(0))),
        population_(config.integer("population", 50, "the architectures of a generation", at_least(1))),
        parents_(config.integer("parents", 10, "how many of the best so far have children", at_least(1))),
        mutations_(config.integer("mutations", population_ / 2, "the mutants of a generation",
                                  between(0, population_))),
        crossovers_(config.integer("crossovers", std::min(population_ / 2, population_ - mutations_),
                                   "the crossovers of a generation; its other architectures are random",
                                   between(0, population_ - mutations_))),
        probability_(config.number("mutation_probability", 0.1,
                                   "the probability that a mutant draws a choice anew", between(0.0, 1.0))),
        inherited_(InheritedAccuracy::from(config)) {}

 protected:
  void adapt_impl() override { path_.emplace(space()); }
  std::shared_ptr<OpWeighting> relax_impl(const at::Tensor&, std::size_t choice) override {
    return path_->weighting(choice);
  }
  StepResult step_impl(const Batch& train, const Batch& validation) override {
    Rng rng(seed(), "spos/path", steps());
    path_->take(draw_allowed([&] { return space().sample(rng); }));
    return OneShotOptimizer::step_impl(train, validation);
  }

  /// Judges one architecture.
  bool finish_impl(SearchImages& images) override {
    if (waiting_.empty() && generation_ < generations_) breed();
    if (waiting_.empty()) return false;
    path_->take(waiting_.back());
    judged_.emplace_back(inherited_.measure(network(), images).correct, waiting_.back());
    std::ranges::stable_sort(judged_, std::greater(), &Judged::first);
    waiting_.pop_back();
    return true;
  }
  std::map<std::string, double> figures_impl() const override {
    if (judged_.empty()) return {};
    return {{"judged", judged_.size()}, {"best_accuracy", 100.0 * judged_.front().first}};
  }
  bool has_found_impl() const override { return !judged_.empty(); }
  Architecture final_architecture_impl() const override {
    Rng rng(seed(), "spos/answer");
    if (generations_ == 0) return draw_allowed([&] { return space().sample(rng); });
    return has_found_impl() ? judged_.front().second : OneShotOptimizer::final_architecture_impl();
  }
  void save_impl(nlohmann::json& state) const override {
    state.update({{"generation", generation_}, {"waiting", waiting_}, {"judged", judged_}});
  }
  void load_impl(const nlohmann::json& state) override {
    state.at("generation").get_to(generation_);
    for (const Architecture& waiting : state.at("waiting").get_to(waiting_)) space().check(waiting);
    for (const auto& [accuracy, judged] : state.at("judged").get_to(judged_)) space().check(judged);
  }

 private:
  /// Draws the next generation, which is small when no new architectures are found.
  void breed() {
    Rng rng(seed(), "spos/generation", static_cast<std::uint64_t>(generation_++));
    const int children = judged_.empty() ? 0 : mutations_ + crossovers_;
    for (int i = 0; i < population_; ++i) {
      if (i < children && add_new([&] { return child(/*mutates=*/i < mutations_, rng); })) continue;
      if (!add_new([&] { return space().sample(rng); })) return;
    }
  }

  /// Adds a draw that is allowed and not known yet; false when none of many is.
  bool add_new(const std::function<Architecture()>& draw) {
    for (int i = 0; i < 10'000; ++i) {
      const Architecture drawn = space().canonical(draw());
      const bool known = std::ranges::find(waiting_, drawn) != waiting_.end() ||
                         std::ranges::find(judged_, drawn, &Judged::second) != judged_.end();
      if (known || !space().is_valid(drawn) || !allowed(drawn)) continue;
      waiting_.push_back(drawn);
      return true;
    }
    return false;
  }

  /// A mutant, or a crossover of two parents: each choice comes from either of those in which it is active.
  Architecture child(bool mutates, Rng& rng) const {
    const auto parents = std::min(judged_.size(), static_cast<std::size_t>(parents_));
    const Architecture& first = judged_[rng.below(parents)].second;
    const Architecture& second = judged_[rng.below(parents)].second;
    Architecture child = first;
    for (std::size_t i = 0; i < child.size(); ++i) {
      if (!mutates && !space().is_active(i, second)) continue;
      if (space().is_active(i, first) && rng.uniform() >= (mutates ? probability_ : 0.5)) continue;
      child.set(i, mutates ? rng.below(space().choices()[i].candidates.size()) : second[i]);
    }
    return child;
  }

  int generations_, population_, parents_, mutations_, crossovers_;
  double probability_;
  InheritedAccuracy inherited_;
  std::optional<SinglePath> path_;
  int generation_ = 0;                 ///< how many generations were drawn
  std::vector<Architecture> waiting_;  ///< of the last one: what is not judged yet
  std::vector<Judged> judged_;         ///< the best first
};

ESPALIER_OPTIMIZER(spos, Spos, "1.0.0")
