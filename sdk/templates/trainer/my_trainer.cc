#include <espalier/plugin/plugin.h>
#include <espalier/search/discrete_search.h>

/// Makes one trial after another, and stops when a number of trials in a row has found nothing better.
class MyTrainer final : public espalier::Trainer {
 public:
  explicit MyTrainer(const espalier::Config& config)
      : trials_(config.integer<std::uint64_t>("trials", 1000, "how many trials the search makes at most",
                                              espalier::between(1, 1'000'000'000))),
        patience_(config.integer<std::uint64_t>(
            "patience", 100, "after how many trials in a row without anything better the search stops",
            espalier::between(1, 1'000'000'000))) {}

 protected:
  espalier::Budget budget_impl() const override { return {.trials = trials_}; }

  void check_impl(const espalier::Optimizer& optimizer, const espalier::Resources& resources) const override {
    espalier::DiscreteSearch::check(*this, optimizer, resources);
  }

  espalier::SearchResult search_impl(espalier::Optimizer& optimizer, const espalier::Resources& resources,
                                     espalier::Journal& journal) override {
    // It continues from a checkpoint, tells outcomes in the order of the asks, and writes the events.
    espalier::DiscreteSearch search(optimizer, resources, journal);
    while (search.trials() < trials_ && search.since_best() < patience_) search.step(trials_);
    journal.progress(trials_, trials_);
    return search.result();
  }

 private:
  std::uint64_t trials_;
  std::uint64_t patience_;
};

ESPALIER_TRAINER(my_trainer, MyTrainer, "1.0.0")
