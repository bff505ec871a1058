#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nasbench301 {

/// A regression model of LightGBM (Ke et al., 2017): the sum of what decision trees with numerical splits
/// say.
class LightGBMTrees {
 public:
  /// [any-thread] Reads a model in LightGBM's text format, as save_model() of 2.2 to 4.7 writes it, of so
  /// many `features`. Of its trees the first `used` count; 0: all. Throws Error, with `file`:line, for a text
  /// that is malformed or holds what this does not know: categorical splits, linear leaves, several classes,
  /// objectives other than regression.
  LightGBMTrees(std::string_view text, const std::string& file, std::size_t features, std::size_t used = 0);

  /// [any-thread] Requires as many features as were given above. A feature that is missing is NaN.
  double predict(std::span<const double> features) const;

 private:
  enum class Missing : std::uint8_t { none, zero, nan };
  /// A child is another node, behind this one, or ~leaf.
  struct Node {
    double threshold = 0;
    std::uint32_t feature = 0;
    std::int32_t left = 0;
    std::int32_t right = 0;
    Missing missing = Missing::none;
    bool missing_left = false;
  };

  static std::int32_t next(const Node& node, double value);

  // Of all trees, one after the other.
  std::vector<Node> nodes_;
  std::vector<double> leaves_;
  std::vector<std::int32_t> roots_;
  friend class LightGBMReader;
};

}  // namespace nasbench301
