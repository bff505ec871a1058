#include "search/questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"

namespace espalier {
namespace {

/// Null where the benchmark answers for architectures alone.
const AnswersTrials* answers_trials(const Benchmark* benchmark) {
  if (benchmark == nullptr) return nullptr;
  const auto* const able = ability<const AnswersTrials>(*benchmark);
  const bool answers =
      able != nullptr && call_plugin(*benchmark, "answers_trials()", [&] { return able->answers_trials(); });
  return answers ? able : nullptr;
}

}  // namespace

std::vector<Fidelity> common_fidelities(const std::vector<MetricSource>& sources) {
  std::vector<Fidelity> common;
  const MetricSource* first = nullptr;
  for (const MetricSource& source : sources) {
    if (source.epochs.empty()) continue;
    const int full = source.benchmark->full_fidelity();
    std::vector<Fidelity> own;
    std::ranges::copy_if(source.epochs, std::back_inserter(own), [full](int epoch) { return epoch <= full; });
    if (first == nullptr) {
      first = &source;
      common = own;
      continue;
    }
    std::vector<Fidelity> both;
    std::ranges::set_intersection(common, own, std::back_inserter(both));
    if (both.empty())
      throw UsageError(
          {.what = fmt::format("the objectives \"{}\" and \"{}\" are known after different epochs",
                               first->metric.name, source.metric.name),
           .expected = "objectives with a common number of epochs",
           .remedy = "choose the benchmarks' epochs so that they agree"});
    common = std::move(both);
  }
  return common;
}

std::vector<Question> questions_at(Fidelity fidelity, const std::vector<MetricSource>& objectives,
                                   const std::vector<MetricSource>& costs) {
  std::vector<Question> all;
  const auto add = [&](const MetricSource& source, std::size_t place) {
    const auto same = std::ranges::find_if(all, [&](const Question& question) {
      return question.benchmark != nullptr && question.benchmark == source.benchmark && !question.measured;
    });
    // A measured metric is a question of its own: its answer may be known already.
    Question& question = same == all.end() || source.metric.measured ? all.emplace_back() : *same;
    question.benchmark = source.benchmark;
    question.of_trial = answers_trials(source.benchmark);
    question.measured = source.metric.measured;
    question.lookups.push_back(source.at(fidelity));
    question.places.push_back(place);
  };
  for (std::size_t i = 0; i < objectives.size(); ++i) add(objectives[i], i);
  for (const MetricSource& cost : costs) add(cost, kSeconds);
  return all;
}

std::vector<Question> savings_at(Fidelity fidelity, const std::vector<MetricSource>& costs) {
  std::vector<Question> all;
  for (const MetricSource& cost : costs) {
    if (!cost.benchmark->continues_trials()) continue;
    all.push_back({.benchmark = cost.benchmark, .lookups = {cost.at(fidelity)}, .places = {kSeconds}});
  }
  return all;
}

}  // namespace espalier
