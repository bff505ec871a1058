#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "espalier/search/benchmark.h"
#include "space/small_spaces.h"

namespace espalier::contract {

/// Passes every call to another benchmark, or to the suite's objective if there is none, and records the
/// outcomes.
class RecordingBenchmark final : public Benchmark {
 public:
  explicit RecordingBenchmark(std::unique_ptr<Benchmark> inner = {}) : inner_(std::move(inner)) {
    set_name(inner_ ? inner_->name() : "contract");
  }

  std::vector<std::string> spaces_impl() const override { return {}; }
  std::vector<std::string> datasets_impl() const override {
    return inner_ ? inner_->datasets() : std::vector<std::string>{"contract"};
  }
  std::vector<std::string> metrics_impl() const override {
    return inner_ ? inner_->metrics() : std::vector<std::string>{"validation_accuracy", "test_accuracy"};
  }
  std::vector<int> epochs_impl(std::string_view metric, std::string_view dataset) const override {
    return inner_ ? inner_->epochs(metric, dataset) : std::vector<int>();
  }

  std::vector<Outcome> take_trials() const {
    const std::lock_guard lock(mutex_);
    return std::exchange(trials_, {});
  }

 protected:
  void adapt_impl(const SearchSpace& space) override {
    if (inner_) inner_->adapt(space, dataset());
  }
  double query_impl(const Architecture& architecture, const Query& query) const override {
    return inner_ ? inner_->query(architecture, query) : objective(architecture);
  }
  Outcome outcome_impl(const Architecture& architecture) const override {
    const Outcome outcome =
        inner_ ? inner_->outcome(architecture) : Outcome{.value = objective(architecture), .seconds = 1.0};
    const std::lock_guard lock(mutex_);
    trials_.push_back(outcome);
    return outcome;
  }
  std::optional<double> test_impl(const Architecture& architecture) const override {
    return inner_ ? inner_->test(architecture) : 0.5 * objective(architecture);
  }

 private:
  std::unique_ptr<Benchmark> inner_;
  mutable std::mutex mutex_;
  mutable std::vector<Outcome> trials_;
};

}  // namespace espalier::contract
