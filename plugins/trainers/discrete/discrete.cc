#include "espalier/plugin/plugin.h"
#include "espalier/search/discrete_search.h"

using namespace espalier;

/// Makes one trial after another, until a number of trials is reached or a budget of simulated training
/// seconds is spent.
class DiscreteTrainer final : public Trainer {
 public:
  explicit DiscreteTrainer(const Config& config)
      : trials_(config.integer<std::uint64_t>("trials", 1000, "how many trials the search makes at most",
                                              between(1, 1'000'000'000))),
        asked_ahead_(config.integer<std::size_t>(
            "asked_ahead", 1,
            "how many trials the optimizer proposes before it learns the outcome of the first of them, as it "
            "would if so many ran at once",
            between(1, 10'000))),
        budget_(config.number("budget_seconds", 0.0,
                              "how many simulated seconds of training the search may spend; 0: no limit",
                              at_least(0))) {}

 protected:
  Budget budget_impl() const override {
    return {.trials = trials_, .seconds = budget_ > 0.0 ? std::optional(budget_) : std::nullopt};
  }

  std::vector<std::string> growing_options_impl() const override { return {"trials", "budget_seconds"}; }

  void check_impl(const Optimizer& optimizer, const Resources& resources) const override {
    DiscreteSearch::check(*this, optimizer, resources);
  }

  SearchResult search_impl(Optimizer& optimizer, const Resources& resources, Journal& journal) override {
    DiscreteSearch search(optimizer, resources, journal);
    while (search.trials() < trials_ && (budget_ == 0.0 || search.seconds() < budget_))
      search.step(trials_, asked_ahead_);
    return search.result();
  }

 private:
  std::uint64_t trials_;
  std::size_t asked_ahead_;
  double budget_;
};

ESPALIER_TRAINER(discrete, DiscreteTrainer, "1.0.0")
