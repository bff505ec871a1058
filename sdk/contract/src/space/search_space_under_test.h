#pragma once

#include <memory>
#include <string>
#include <vector>

#include "espalier/contract/search_space.h"
#include "espalier/random/random.h"
#include "espalier/space/search_space.h"
#include "rules/plugin_under_test.h"

namespace espalier::contract {

struct SearchSpaceUnderTest {
  SearchSpaceUnderTest(const std::string& name, const SearchSpaceCase& given)
      : plugin(std::make_shared<PluginUnderTest>("search_space", name, given.plugin_path, given.options)),
        how(given) {}

  std::unique_ptr<SearchSpace> make() const { return plugin->make<SearchSpace>(); }

  static std::vector<Architecture> draw(const SearchSpace& space, std::size_t count, std::uint64_t seed = 0) {
    std::vector<Architecture> drawn;
    for (std::size_t i = 0; i < count; ++i) {
      Rng rng(seed, "contract/sample", i);
      drawn.push_back(space.sample(rng));
    }
    return drawn;
  }
  std::vector<Architecture> samples(const SearchSpace& space) const { return draw(space, how.samples); }

  std::shared_ptr<const PluginUnderTest> plugin;
  SearchSpaceCase how;
};

}  // namespace espalier::contract
