#pragma once

#include <string>
#include <vector>

#include "espalier/plugin/ability.h"
#include "espalier/plugin/export.h"

namespace espalier {

class SearchSpace;

/// An architecture that people designed, without a search.
struct HandMade {
  std::string name;          ///< what a config calls it: "resnet"
  std::string architecture;  ///< as SearchSpace::parse() takes it
  std::string source;        ///< a sentence: what it is, and the paper that it follows
};

/// The ability of a search space that holds architectures made by hand. A search is worth its cost where it
/// finds something better, which `baselines:` of a config tests.
class ESPALIER_EXPORT HasHandMade {
 public:
  /// [any-thread] All of them, under different names; the one that people would compare with first stands
  /// first.
  virtual std::vector<HandMade> hand_made() const = 0;
  /// [any-thread] The option of this space that says how wide a network is when it is trained from scratch
  /// ("channels"): an integer, and a larger one gives more parameters. A run sets it so that the networks
  /// that it compares have one size.
  virtual std::string width_option() const = 0;

 protected:
  ~HasHandMade() = default;
};

/// [any-thread] What people made by hand in a space; empty where it lacks the ability. Throws Error, which
/// names the plugin, where an architecture does not belong to the space, or where a name is empty or
/// repeated.
ESPALIER_EXPORT std::vector<HandMade> hand_made(const SearchSpace& space);

/// [any-thread] The option that scales its networks; empty where it lacks the ability. Throws Error, which
/// names the plugin, where the ability names none.
ESPALIER_EXPORT std::string width_option(const SearchSpace& space);

}  // namespace espalier
