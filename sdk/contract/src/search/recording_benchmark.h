#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "espalier/search/benchmark.h"
#include "space/small_spaces.h"

namespace espalier::contract {

/// Passes every call to another benchmark, or to the suite's objective if there is none, and records the
/// values of the objective that were asked for.
class RecordingBenchmark final : public Benchmark {
 public:
  explicit RecordingBenchmark(std::unique_ptr<Benchmark> inner = {}) : inner_(std::move(inner)) {
    set_name(inner_ ? inner_->name() : "contract");
  }

  std::vector<std::string> spaces_impl() const override { return {}; }
  std::vector<std::string> datasets_impl() const override {
    return inner_ ? inner_->datasets() : std::vector<std::string>{"contract"};
  }
  std::vector<Metric> metrics_impl() const override {
    if (inner_) return inner_->metrics();
    return {{.name = "validation_accuracy", .unit = "%"},
            {.name = "test_accuracy", .unit = "%"},
            {.name = "train_seconds", .unit = "s", .direction = Direction::minimize}};
  }
  std::vector<int> epochs_impl(std::string_view metric, std::string_view dataset) const override {
    return inner_ ? inner_->epochs(metric, dataset) : std::vector<int>();
  }
  int full_fidelity_impl() const override { return inner_ ? inner_->full_fidelity() : 0; }
  std::string objective_impl() const override {
    return inner_ ? inner_->objective() : metrics_impl().front().name;
  }
  std::string report_metric_impl() const override {
    return inner_ ? inner_->report_metric() : Benchmark::report_metric_impl();
  }
  std::string cost_metric_impl() const override {
    return inner_ ? inner_->cost_metric() : Benchmark::cost_metric_impl();
  }
  bool continues_trials_impl() const override { return inner_ && inner_->continues_trials(); }
  std::optional<double> best_impl(std::string_view metric) const override {
    return inner_ ? inner_->best(metric) : std::nullopt;
  }

  /// The values of its objective that a trainer asked for.
  std::vector<double> take_values() const {
    const std::lock_guard lock(mutex_);
    return std::exchange(values_, {});
  }

 protected:
  void adapt_impl(const SearchSpace& space) override {
    if (inner_) inner_->adapt(space, dataset());
    objective_ = resolve({}).metric;
  }
  double value_impl(const Architecture& architecture, const Lookup& lookup) const override {
    const double value =
        inner_ ? inner_->value(architecture, lookup) : own_value(architecture, lookup.metric);
    if (lookup.metric != objective_) return value;
    const std::lock_guard lock(mutex_);
    values_.push_back(value);
    return value;
  }

 private:
  static double own_value(const Architecture& architecture, std::size_t metric) {
    constexpr std::size_t test = 1;
    constexpr std::size_t seconds = 2;
    if (metric == seconds) return 1.0;
    return metric == test ? 0.5 * contract::objective(architecture) : contract::objective(architecture);
  }

  std::unique_ptr<Benchmark> inner_;
  std::size_t objective_ = 0;  ///< the index of its metric
  mutable std::mutex mutex_;
  mutable std::vector<double> values_;
};

}  // namespace espalier::contract
