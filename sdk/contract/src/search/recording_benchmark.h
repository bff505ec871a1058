#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "espalier/search/benchmark.h"
#include "space/small_spaces.h"

namespace espalier::contract {

/// Another benchmark, or the suite's own objective where there is none, and what was asked of it.
class RecordingBenchmark final : public Benchmark {
 public:
  explicit RecordingBenchmark(std::unique_ptr<Benchmark> inner = {}) : inner_(std::move(inner)) {
    set_name(inner_ ? inner_->name() : "contract");
  }

  std::vector<std::string> spaces() const override { return {}; }
  std::vector<std::string> datasets() const override {
    return inner_ ? inner_->datasets() : std::vector<std::string>{"contract"};
  }
  std::vector<std::string> metrics() const override {
    return inner_ ? inner_->metrics() : std::vector<std::string>{"validation_accuracy", "test_accuracy"};
  }
  std::vector<int> epochs(std::string_view metric, std::string_view dataset) const override {
    return inner_ ? inner_->epochs(metric, dataset) : std::vector<int>();
  }

  std::vector<Evaluation> take_evaluations() const {
    const std::lock_guard lock(mutex_);
    return std::exchange(evaluations_, {});
  }

 protected:
  void load(const SearchSpace& space) override {
    if (inner_) inner_->open(space, dataset());
  }
  double do_query(const Architecture& architecture, const Query& query) const override {
    return inner_ ? inner_->query(architecture, query) : objective(architecture);
  }
  Evaluation do_evaluate(const Architecture& architecture) const override {
    const Evaluation evaluation = inner_ ? inner_->evaluate(architecture)
                                         : Evaluation{.value = objective(architecture), .seconds = 1.0};
    const std::lock_guard lock(mutex_);
    evaluations_.push_back(evaluation);
    return evaluation;
  }
  std::optional<double> do_test(const Architecture& architecture) const override {
    return inner_ ? inner_->test(architecture) : 0.5 * objective(architecture);
  }

 private:
  std::unique_ptr<Benchmark> inner_;
  mutable std::mutex mutex_;
  mutable std::vector<Evaluation> evaluations_;
};

}  // namespace espalier::contract
