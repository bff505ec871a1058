#include "xgboost_trees.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "espalier/errors/errors.h"

static_assert(std::endian::native == std::endian::little, "the files are read as they lie in memory");

namespace nasbench301 {

class XGBoostReader {
 public:
  XGBoostReader(std::string_view bytes, const std::string& file, std::size_t features)
      : bytes_(bytes), file_(file), features_(features) {}

  void read(XGBoostTrees& model) {
    constexpr std::string_view kMagic = "NB301XGB";
    if (!bytes_.starts_with(kMagic)) refuse("not the trees of XGBoost");
    bytes_.remove_prefix(kMagic.size());
    if (const auto version = number<std::uint32_t>(); version != 1)
      refuse(fmt::format("the format has version {}", version), "version 1");
    if (const auto features = number<std::uint32_t>(); features != features_)
      refuse(fmt::format("the model reads {} values", features),
             fmt::format("{} values, as the official surrogates", features_));
    model.constant_ = number<float>();
    if (!std::isfinite(model.constant_)) refuse("the constant is not a number");
    const auto trees = number<std::uint32_t>();
    for (tree_ = 0; tree_ < trees; ++tree_) add_tree(model);
    if (!bytes_.empty()) refuse(fmt::format("{} bytes follow the trees", bytes_.size()));
  }

 private:
  [[noreturn]] void refuse(const std::string& what, const std::string& expected = {}) const {
    throw espalier::Error({.what = what,
                           .where = file_,
                           .expected = expected,
                           .remedy = "convert the surrogate again with scripts/convert-nasbench301"});
  }

  /// `count` numbers, of which the file has at least as many bytes.
  template <class T>
  std::vector<T> numbers(std::size_t count) {
    if (count > bytes_.size() / sizeof(T)) refuse("the file ends early");
    std::vector<T> values(count);
    std::memcpy(values.data(), bytes_.data(), count * sizeof(T));
    bytes_.remove_prefix(count * sizeof(T));
    return values;
  }
  template <class T>
  T number() {
    return numbers<T>(1).front();
  }

  void add_tree(XGBoostTrees& model) {
    const std::size_t count = number<std::uint32_t>();
    if (count == 0) refuse(fmt::format("tree {} has no nodes", tree_));
    const auto lefts = numbers<std::int32_t>(count);
    const auto rights = numbers<std::int32_t>(count);
    const auto splits = numbers<std::uint32_t>(count);
    const auto values = numbers<float>(count);
    const std::size_t root = model.nodes_.size();
    if (root + count > std::numeric_limits<std::uint32_t>::max())
      refuse("the model has more than 2^32 nodes");
    model.roots_.push_back(static_cast<std::uint32_t>(root));
    model.nodes_.resize(root + count);
    // From the root down, because nodes that XGBoost pruned lie between those of the tree. A node that is
    // reached twice would be the end of a cycle, or of two branches.
    std::vector<bool> reached(count);
    std::vector<std::size_t> open{0};
    reached[0] = true;
    while (!open.empty()) {
      const std::size_t index = open.back();
      open.pop_back();
      auto& node = model.nodes_[root + index];
      node.value = values[index];
      if (!std::isfinite(node.value))
        refuse(fmt::format("tree {}: the value of node {} is not a number", tree_, index));
      if (lefts[index] == -1 && rights[index] == -1) continue;
      node.feature = splits[index] & ~(1U << 31U);
      if (node.feature >= features_)
        refuse(fmt::format("tree {}: node {} reads value {}", tree_, index, node.feature),
               fmt::format("0 to {}", features_ - 1));
      const auto child = [&](std::int32_t at) {
        const auto position = static_cast<std::size_t>(at);  // a negative one is beyond all
        if (position >= count || reached[position])
          refuse(fmt::format("tree {}: node {} cannot have the child {}", tree_, index, at));
        reached[position] = true;
        open.push_back(position);
        return static_cast<std::uint32_t>(root + position);
      };
      node.left = child(lefts[index]);
      node.right = child(rights[index]);
    }
  }

  std::string_view bytes_;
  const std::string& file_;
  std::size_t features_;
  std::uint32_t tree_ = 0;
};

XGBoostTrees::XGBoostTrees(std::string_view bytes, const std::string& file, std::size_t features) {
  XGBoostReader(bytes, file, features).read(*this);
}

double XGBoostTrees::predict(std::span<const double> features) const {
  const std::vector<float> row(features.begin(), features.end());
  float sum = constant_;
  for (std::uint32_t at : roots_) {
    while (nodes_[at].left != 0)
      at = row[nodes_[at].feature] < nodes_[at].value ? nodes_[at].left : nodes_[at].right;
    sum += nodes_[at].value;
  }
  return double{sum};
}

}  // namespace nasbench301
