#include "search/optimizer_under_test.h"

#include <algorithm>

#include "search/stage_rule.h"

namespace espalier::contract {

Search::Search(std::unique_ptr<DiscreteOptimizer> optimizer, const SearchSpace& space, std::uint64_t seed,
               const nlohmann::json* passed)
    : optimizer_(std::move(optimizer)), counted_(dynamic_cast<const CountedSpace*>(&space)) {
  optimizer_->adapt({.space = space, .seed = seed});
  if (passed != nullptr) stage_of(*optimizer_).take_over(*passed);
}

Trial Search::ask() {
  constexpr std::uint64_t kCalls = 100'000;
  if (counted_ != nullptr) counted_->allow(kCalls);
  return optimizer_->ask();
}

void Search::tell(const Trial& trial, const Objective& value) {
  optimizer_->tell(trial, {.values = {value(trial.architecture)}, .seconds = 1.0});
}

Architecture Search::step(std::size_t pending) {
  while (optimizer_->pending().size() < pending) ask();
  const Trial oldest = optimizer_->pending().front();
  tell(oldest);
  return oldest.architecture;
}

std::vector<Architecture> Search::run(std::uint64_t trials, std::size_t pending) {
  std::vector<Architecture> told;
  for (std::uint64_t i = 0; i < trials; ++i) told.push_back(step(pending));
  return told;
}

std::unique_ptr<DiscreteOptimizer> OptimizerUnderTest::make() const {
  auto made = plugin->make<Optimizer>();
  auto* const discrete = dynamic_cast<DiscreteOptimizer*>(made.get());
  if (discrete == nullptr)
    throw Violation(
        "it is not a DiscreteOptimizer; espalier/contract/one_shot_optimizer.h tests the other optimizers");
  std::ignore = made.release();  // `discrete` owns it now
  return std::unique_ptr<DiscreteOptimizer>(discrete);
}

std::vector<std::unique_ptr<SearchSpace>> OptimizerUnderTest::spaces() const {
  std::vector<std::unique_ptr<SearchSpace>> spaces;
  for (auto& space : make_small_spaces()) spaces.push_back(std::move(space));
  for (const Companion& space : how.spaces) spaces.push_back(make_space(*plugin, space));
  return spaces;
}

std::uint64_t OptimizerUnderTest::trials(const SearchSpace& space, std::size_t pending) const {
  const double most = space.size() - static_cast<double>(pending) + 1.0;
  return static_cast<std::uint64_t>(std::max(1.0, std::min(static_cast<double>(how.trials), most)));
}

}  // namespace espalier::contract
