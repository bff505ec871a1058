#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "espalier/contract/optimizer.h"
#include "espalier/search/discrete_optimizer.h"
#include "rules/plugin_under_test.h"
#include "rules/rewritten.h"
#include "space/small_spaces.h"

namespace espalier::contract {

/// One search, driven as a trainer drives it: several asks may be pending, and the oldest is told first.
class Search {
 public:
  using Objective = std::function<double(const Architecture&)>;

  /// Takes over what a stage before `passed` on, unless that is null.
  Search(std::unique_ptr<DiscreteOptimizer> optimizer, const SearchSpace& space, std::uint64_t seed,
         const nlohmann::json* passed = nullptr);

  DiscreteOptimizer& operator*() { return *optimizer_; }
  DiscreteOptimizer* operator->() { return optimizer_.get(); }

  /// One ask. Throws CountedSpace::Endless if the optimizer calls a CountedSpace 100,000 times for it.
  Trial ask();
  void tell(const Trial& trial, const Objective& value = objective);
  /// Asks until `pending` architectures are pending, tells the oldest of them, and returns it.
  Architecture step(std::size_t pending = 1);
  std::vector<Architecture> run(std::uint64_t trials, std::size_t pending = 1);

 private:
  std::unique_ptr<DiscreteOptimizer> optimizer_;
  const CountedSpace* counted_;
};

struct OptimizerUnderTest {
  OptimizerUnderTest(const std::string& name, const OptimizerCase& given)
      : plugin(std::make_shared<PluginUnderTest>("optimizer", name, given.plugin_path, given.options)),
        how(given) {}

  std::unique_ptr<DiscreteOptimizer> make() const;
  Search search(const SearchSpace& space, std::uint64_t seed, const nlohmann::json* passed = nullptr) const {
    return {make(), space, seed, passed};
  }
  /// The spaces of the suite and those of the case.
  std::vector<std::unique_ptr<SearchSpace>> spaces() const;
  /// The trials of the case, but no more asks than the space has architectures, because an optimizer need not
  /// propose one twice.
  std::uint64_t trials(const SearchSpace& space, std::size_t pending = 1) const;

  std::shared_ptr<const PluginUnderTest> plugin;
  OptimizerCase how;
};

}  // namespace espalier::contract
