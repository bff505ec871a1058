#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nasbench301 {

/// A regression model of XGBoost (Chen & Guestrin, 2016): a constant and the sum of what decision trees say.
/// The numbers have 32 bits, and the sum has the order of XGBoost since 1.3, so that predictions equal its
/// own to the last bit. Older versions added the constant last, which differs by a rounding.
///
/// libxgboost would read the models themselves, but it trusts them: a changed byte can make it crash or loop.
/// Therefore scripts/convert-nasbench301 takes the trees out of them, and this checks each.
class XGBoostTrees {
 public:
  /// [any-thread] Reads the bytes that the script writes, all little-endian: "NB301XGB"; u32 1, the format;
  /// u32 features; f32 constant; u32 trees; for each tree u32 nodes, and for its nodes, of which the first is
  /// the root, i32 left child, i32 right child, u32 feature, f32 threshold or value. A leaf has -1 as
  /// children. Bit 31 of a feature says where XGBoost sends missing values, and is ignored. Throws Error,
  /// which names `file` and the tree, for what is not whole, not a tree, or not of so many `features`.
  XGBoostTrees(std::string_view bytes, const std::string& file, std::size_t features);

  /// [any-thread] Requires as many features as were given above, none of them NaN.
  double predict(std::span<const double> features) const;

 private:
  /// A leaf has no children, left == 0: node 0 is a root, and nobody's child.
  struct Node {
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    std::uint32_t feature = 0;
    float value = 0;
  };

  float constant_ = 0;
  std::vector<Node> nodes_;  // of all trees, one after the other
  std::vector<std::uint32_t> roots_;
  friend class XGBoostReader;
};

}  // namespace nasbench301
