#include "search/trainer_under_test.h"

#include "espalier/data/dataset.h"
#include "espalier/random/random.h"
#include "espalier/search/discrete_optimizer.h"
#include "espalier/space/architecture_json.h"

namespace espalier::contract {
namespace {

using nlohmann::json;

class Sampling final : public DiscreteOptimizer {
 public:
  Sampling() { set_name("contract"); }

 protected:
  Proposal ask_impl(Rng& rng) override { return space().sample(rng); }
};

std::unique_ptr<Dataset> make_dataset(const PluginUnderTest& plugin, const Companion& dataset) {
  if (dataset.name.empty()) return nullptr;
  return plugin.host().dataset(dataset.name, dataset.options);
}

json or_null(const std::optional<double>& number) { return number ? json(*number) : json(nullptr); }

}  // namespace

Workplace TrainerUnderTest::search_place() const {
  const SearchWith& with = *how.search;
  const bool own = with.optimizer.name.empty();
  Workplace place{.space = own ? make_mixed() : make_space(*plugin, with.space),
                  .dataset = make_dataset(*plugin, with.dataset),
                  .benchmark = {},
                  .objective = {},
                  .report = {}};
  if (own) {
    place.benchmark = std::make_unique<RecordingBenchmark>();
  } else if (!with.benchmark.name.empty()) {
    const Config options(host::parse_yaml(with.benchmark.options, "options of the benchmark"), "benchmark");
    place.benchmark = std::make_unique<RecordingBenchmark>(
        plugin->host().plugins().make<Benchmark>(with.benchmark.name, options));
  }
  if (!place.benchmark) return place;
  place.benchmark->adapt(*place.space, place.dataset.get());
  place.objective = std::make_unique<ObjectiveFunction>(*place.benchmark);
  if (!place.benchmark->report_metric().empty()) place.report.emplace(*place.benchmark);
  return place;
}

Workplace TrainerUnderTest::training_place() const {
  return {.space = make_space(*plugin, how.training->space),
          .dataset = make_dataset(*plugin, how.training->dataset),
          .benchmark = {},
          .objective = {},
          .report = {}};
}

std::unique_ptr<Optimizer> TrainerUnderTest::make_optimizer(const Workplace& place,
                                                            std::uint64_t seed) const {
  const Companion& named = how.search->optimizer;
  std::unique_ptr<Optimizer> optimizer;
  if (named.name.empty())
    optimizer = std::make_unique<Sampling>();
  else
    optimizer = plugin->host().optimizer(named.name, named.options);
  optimizer->adapt(place.problem(seed));
  return optimizer;
}

json Job::run(Journal& journal, std::uint64_t seed) const {
  const auto trainer = tested->make();
  if (searches) {
    const auto optimizer = tested->make_optimizer(place, seed);
    const SearchResult result = trainer->search(*optimizer, place.resources(), journal);
    return {{"architecture", result.architecture},
            {"values", result.values},
            {"report", or_null(result.report)},
            {"trials", result.trials},
            {"seconds", result.seconds}};
  }
  Rng rng(0, "contract/training");
  const TrainingResult result =
      trainer->evaluate(*place.space, place.space->sample(rng), *place.dataset, seed, journal);
  return {{"parameters", result.parameters},
          {"test", result.test},
          {"test_loss", result.test_loss},
          {"validation", or_null(result.validation)}};
}

std::vector<Job> jobs_of(const TrainerUnderTest& tested) {
  std::vector<Job> jobs;
  if (tested.how.search)
    jobs.push_back({.tested = &tested, .place = tested.search_place(), .searches = true});
  if (tested.how.training)
    jobs.push_back({.tested = &tested, .place = tested.training_place(), .searches = false});
  expect(!jobs.empty(), "the case names neither a search nor a training");
  return jobs;
}

}  // namespace espalier::contract
