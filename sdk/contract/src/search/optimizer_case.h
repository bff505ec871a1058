#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "espalier/contract/optimizer.h"
#include "espalier/search/discrete_optimizer.h"
#include "rules/tested.h"
#include "space/small_spaces.h"

namespace espalier::contract {

/// One search, as a trainer drives it: with so many asks pending, the oldest told first.
class Search {
 public:
  using Objective = std::function<double(const Architecture&)>;

  Search(std::unique_ptr<DiscreteOptimizer> optimizer, const SearchSpace& space, std::uint64_t seed);

  DiscreteOptimizer& operator*() { return *optimizer_; }
  DiscreteOptimizer* operator->() { return optimizer_.get(); }

  /// The optimizer may ask a CountedSpace a hundred thousand times for it.
  Architecture ask();
  void tell(const Architecture& architecture, const Objective& value = objective);
  /// One evaluation.
  Architecture step(std::size_t pending = 1);
  std::vector<Architecture> run(std::uint64_t trials, std::size_t pending = 1);

 private:
  std::unique_ptr<DiscreteOptimizer> optimizer_;
  const CountedSpace* counted_;
};

struct OptimizerTrial {
  OptimizerTrial(const std::string& name, const OptimizerCase& given)
      : tested(std::make_shared<Tested>("optimizer", name, given.plugin_path, given.options)), how(given) {}

  std::unique_ptr<DiscreteOptimizer> make() const;
  Search search(const SearchSpace& space, std::uint64_t seed) const { return {make(), space, seed}; }
  /// The suite's own spaces and those of the case.
  std::vector<std::unique_ptr<SearchSpace>> spaces() const;
  /// As many as the case says, but no more asks than the space has architectures: not every optimizer
  /// proposes one twice.
  std::uint64_t trials(const SearchSpace& space, std::size_t pending = 1) const;

  std::shared_ptr<const Tested> tested;
  OptimizerCase how;
};

/// What CBOR makes of a state: a checkpoint is written in it.
inline nlohmann::json rewritten(const nlohmann::json& state) {
  return nlohmann::json::from_cbor(nlohmann::json::to_cbor(state));
}

}  // namespace espalier::contract
