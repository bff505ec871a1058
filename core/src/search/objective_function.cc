#include "espalier/search/objective_function.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <span>

#include "espalier/errors/errors.h"
#include "espalier/plugin/plugin_call.h"
#include "espalier/search/benchmark.h"
#include "espalier/search/measurements.h"
#include "plugin/plugin_answer.h"
#include "search/limits.h"
#include "search/metric_source.h"
#include "search/questions.h"

namespace espalier {
namespace {

std::vector<MetricName> names_of(const Objectives& objectives) {
  if (!objectives.metrics.empty()) return objectives.metrics;
  if (objectives.benchmarks.empty())
    throw UsageError({.what = "a search without a benchmark has no objective",
                      .remedy = "name one under benchmark:, or the space's own metrics under objectives:"});
  return {{.name = objectives.benchmarks.front()->objective()}};
}

std::vector<MetricSource> find_sources(const Objectives& objectives) {
  std::vector<MetricSource> sources;
  std::set<std::string> taken;
  for (const MetricName& name : names_of(objectives)) {
    if (!taken.insert(name.name).second)
      throw UsageError({.what = fmt::format("the objective \"{}\" is named twice", name.name),
                        .where = to_string(name.where),
                        .remedy = "remove one of the two"});
    sources.push_back(MetricSource::find(name.name, objectives.benchmarks, to_string(name.where)));
    if (sources.size() > ObjectiveValues::kMost)
      throw UsageError({.what = "there are too many objectives",
                        .where = to_string(name.where),
                        .expected = fmt::format("at most {}", ObjectiveValues::kMost)});
  }
  return sources;
}

}  // namespace

class ObjectiveFunction::Impl {
 public:
  Impl(const SearchSpace& search_space, const Objectives& objectives, Measurements* kept)
      : space(search_space),
        counts(search_space),
        measurements(kept != nullptr ? *kept : own_measurements),
        sources(find_sources(objectives)),
        limits(objectives, sources, counts, measurements),
        fidelities(common_fidelities(sources)) {
    for (const MetricSource& source : sources) {
      metrics.push_back(source.metric);
      signs.push_back(higher_is_better(source.metric, 1.0));
    }
    for (const Benchmark* benchmark : objectives.benchmarks) add_cost(benchmark);
    const std::vector<Fidelity> none = {0};
    for (const Fidelity fidelity : fidelities.empty() ? none : fidelities) {
      questions.push_back(questions_at(fidelity, sources, costs));
      savings.push_back(savings_at(fidelity, costs));
    }
  }

  void add_cost(const Benchmark* benchmark) {
    const bool asked = std::ranges::any_of(
        sources, [&](const MetricSource& source) { return source.benchmark == benchmark; });
    const std::string metric = asked ? benchmark->cost_metric() : "";
    if (!metric.empty()) costs.push_back(MetricSource::find(metric, {benchmark}, ""));
  }

  std::size_t position(Fidelity fidelity) const {
    if (fidelities.empty()) return 0;
    if (fidelity == fidelities.back()) return fidelities.size() - 1;
    const auto found = std::ranges::find(fidelities, fidelity);
    if (found != fidelities.end()) return static_cast<std::size_t>(found - fidelities.begin());
    throw UsageError({.what = fmt::format("the objectives are not known after {} epochs", fidelity),
                      .expected = fmt::format("one of {}", fmt::join(fidelities, ", "))});
  }

  /// `trial` is null where an architecture is asked about by itself.
  Outcome outcome(const Architecture& architecture, Fidelity fidelity, const Trial* trial) const {
    Outcome outcome{.values = ObjectiveValues::zeros(metrics.size())};
    for (const Question& question : questions[position(fidelity)])
      answer(question, architecture, fidelity, trial, outcome);
    return outcome;
  }

  void answer(const Question& question, const Architecture& architecture, Fidelity fidelity,
              const Trial* trial, Outcome& outcome) const {
    std::array<double, ObjectiveValues::kMost + 1> buffer;  // NOLINT: written before it is read
    const std::span<double> values(buffer.data(), question.lookups.size());
    if (question.benchmark == nullptr) {
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = counts.value(architecture, question.lookups[i].metric);
    } else if (question.measured) {
      values[0] = measurements.value(architecture, metrics[question.places[0]].name, fidelity, [&] {
        return question.benchmark->value(architecture, question.lookups[0]);
      });
    } else if (question.of_trial != nullptr && trial != nullptr) {
      call_plugin(*question.benchmark, "values_of()",
                  [&] { question.of_trial->values_of(*trial, question.lookups, values); });
    } else {
      question.benchmark->values(architecture, question.lookups, values);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t place = question.places[i];
      const double value = values[i];
      if (place == kSeconds) {
        if (!(value >= 0.0 && std::isfinite(value))) check_cost(*question.benchmark, "value()", value);
        outcome.seconds += value;
      } else {
        if (!std::isfinite(value) && question.benchmark != nullptr)
          check_answer(*question.benchmark, "value()", metrics[place].name, value);
        outcome.values[place] = signs[place] * value;
      }
    }
  }

  const SearchSpace& space;
  SpaceMetrics counts;
  mutable Measurements own_measurements;
  Measurements& measurements;
  std::vector<MetricSource> sources;  ///< of the objectives
  Limits limits;
  std::vector<MetricSource> costs;
  std::vector<Metric> metrics;
  std::vector<double> signs;  ///< of the metrics: -1 where a metric is minimized
  std::vector<Fidelity> fidelities;
  std::vector<std::vector<Question>> questions;  ///< by fidelity
  std::vector<std::vector<Question>> savings;    ///< by fidelity
};

ObjectiveFunction::ObjectiveFunction(const SearchSpace& space, const Objectives& objectives,
                                     Measurements* measurements)
    : impl_(std::make_unique<const Impl>(space, objectives, measurements)) {}
ObjectiveFunction::ObjectiveFunction(const Benchmark& benchmark)
    : ObjectiveFunction(benchmark.space(), {.benchmarks = {&benchmark}}) {}
ObjectiveFunction::~ObjectiveFunction() = default;

const SearchSpace& ObjectiveFunction::space() const { return impl_->space; }
const std::vector<Metric>& ObjectiveFunction::metrics() const { return impl_->metrics; }
const std::vector<Fidelity>& ObjectiveFunction::fidelities() const { return impl_->fidelities; }
bool ObjectiveFunction::continues_trials() const {
  return std::ranges::any_of(impl_->savings, [](const auto& questions) { return !questions.empty(); });
}

Outcome ObjectiveFunction::outcome(const Architecture& architecture, Fidelity fidelity) const {
  return impl_->outcome(architecture, fidelity, nullptr);
}

Outcome ObjectiveFunction::outcome(const Architecture& architecture) const {
  return outcome(architecture, fidelities().empty() ? 0 : fidelities().back());
}

Outcome ObjectiveFunction::outcome(const Trial& trial, Fidelity reached) const {
  Outcome result = impl_->outcome(trial.architecture, trial.fidelity, &trial);
  if (reached == 0) return result;
  Outcome saved;
  const Fidelity from = std::min(reached, trial.fidelity);
  for (const Question& question : impl_->savings[impl_->position(from)])
    impl_->answer(question, trial.architecture, from, nullptr, saved);
  result.seconds = std::max(0.0, result.seconds - saved.seconds);
  return result;
}

std::vector<double> ObjectiveFunction::in_units(const Outcome& outcome) const {
  std::vector<double> values;
  values.reserve(outcome.values.size());
  for (std::size_t i = 0; i < outcome.values.size(); ++i)
    values.push_back(higher_is_better(metrics()[i], outcome.values[i]));
  return values;
}

bool ObjectiveFunction::is_constrained() const { return !impl_->limits.empty(); }

bool ObjectiveFunction::allowed(const Architecture& architecture) const {
  return impl_->limits.allow(architecture);
}

SearchProblem ObjectiveFunction::problem(std::uint64_t seed, const Budget& budget) const {
  SearchProblem problem{.space = space(),
                        .seed = seed,
                        .objectives = metrics(),
                        .fidelities = fidelities(),
                        .allowed = {},
                        .refusals = {},
                        .budget = budget,
                        .components = nullptr};
  if (is_constrained()) {
    problem.allowed = [this](const Architecture& architecture) { return allowed(architecture); };
    problem.refusals = [this] { return impl_->limits.refusals(); };
  }
  return problem;
}

}  // namespace espalier
