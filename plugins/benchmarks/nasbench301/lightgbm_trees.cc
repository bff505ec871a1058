#include "lightgbm_trees.h"

#include <fmt/format.h>

#include <cmath>

#include "lightgbm_text.h"

namespace nasbench301 {

// A tree of n leaves has n - 1 nodes. Node i > 0 was split off a node before it, so children stand behind
// their parents, and no tree has a cycle.
class LightGBMReader {
 public:
  LightGBMReader(LightGBMText& text, std::size_t features, LightGBMTrees& model)
      : text_(text), features_(features), model_(model) {}

  void read(std::size_t used) {
    text_.read_block();
    check_header();
    while (!text_.ended()) {
      const std::string expected = std::to_string(model_.roots_.size());
      if (text_.next_tree() != expected) text_.refuse("the trees are not in order", "Tree=" + expected);
      text_.read_block();
      add_tree();
    }
    if (model_.roots_.empty()) text_.refuse("the model has no trees");
    if (used > model_.roots_.size())
      text_.refuse("the model has fewer trees than surrogate.json says", fmt::format("{} or more", used));
    if (used > 0) model_.roots_.resize(used);
  }

 private:
  void check_header() const {
    if (!text_.has("tree")) text_.refuse("not a model of LightGBM", "\"tree\", as its text begins");
    text_.expect("num_class", "1");
    text_.expect("num_tree_per_iteration", "1");
    text_.expect("max_feature_idx", std::to_string(features_ - 1));
    text_.expect("objective", "regression");
    if (text_.has("average_output"))
      text_.refuse_kind("average_output", "the trees of the model are averaged", "trees that are summed");
  }

  void add_tree() {
    text_.expect("num_cat", "0");
    if (text_.has("is_linear")) text_.expect("is_linear", "0");
    const std::size_t leaves = text_.count("num_leaves");
    const std::vector<double> values = text_.list<double>("leaf_value", leaves);
    if (leaves == 0) text_.refuse_at("num_leaves", "a tree has no leaves");
    constexpr std::size_t kMost = std::size_t{1} << 30U;  // what a child can point at
    if (model_.leaves_.size() + leaves > kMost) text_.refuse("the model has more than 2^30 leaves");
    const auto first_leaf = static_cast<std::int32_t>(model_.leaves_.size());
    const auto first_node = static_cast<std::int32_t>(model_.nodes_.size());
    model_.leaves_.insert(model_.leaves_.end(), values.begin(), values.end());
    model_.roots_.push_back(leaves == 1 ? ~first_leaf : first_node);
    if (leaves > 1) add_nodes(leaves - 1, first_node, first_leaf);
  }

  void add_nodes(std::size_t nodes, std::int32_t first_node, std::int32_t first_leaf) {
    const auto features = text_.list<std::uint32_t>("split_feature", nodes);
    const auto thresholds = text_.list<double>("threshold", nodes);
    const auto decisions = text_.list<unsigned>("decision_type", nodes);
    const auto lefts = text_.list<std::int32_t>("left_child", nodes);
    const auto rights = text_.list<std::int32_t>("right_child", nodes);
    // Children are checked against the counts of this tree, so that the sums below stay in range.
    const auto child = [&](const char* key, std::size_t node, std::int32_t index) {
      const bool is_leaf = index < 0;
      const std::int32_t number = is_leaf ? ~index : index;
      const auto target = static_cast<std::size_t>(number);
      if (is_leaf ? target > nodes : target <= node || target >= nodes)
        text_.refuse_at(
            key, fmt::format("{}: node {} cannot have the child {}", key, node, index),
            fmt::format("a node behind it, up to {}, or a leaf, -1 to -{}", nodes - 1, nodes + 1));
      return is_leaf ? ~(first_leaf + number) : first_node + number;
    };
    for (std::size_t i = 0; i < nodes; ++i) {
      if (features[i] >= features_)
        text_.refuse_at("split_feature", fmt::format("split_feature: there is no feature {}", features[i]),
                        fmt::format("0 to {}", features_ - 1));
      // Bit 0: categorical; bit 1: what is missing goes left; bits 2 and 3: what counts as missing.
      if ((decisions[i] & 1U) != 0 || decisions[i] >> 2U > 2)
        text_.refuse_kind("decision_type", fmt::format("decision_type: {} is not known", decisions[i]),
                          "a numerical split: 0, 2, 4, 6, 8 or 10");
      model_.nodes_.push_back({.threshold = thresholds[i],
                               .feature = features[i],
                               .left = child("left_child", i, lefts[i]),
                               .right = child("right_child", i, rights[i]),
                               .missing = static_cast<LightGBMTrees::Missing>(decisions[i] >> 2U),
                               .missing_left = (decisions[i] & 2U) != 0});
    }
  }

  LightGBMText& text_;
  std::size_t features_;
  LightGBMTrees& model_;
};

LightGBMTrees::LightGBMTrees(std::string_view text, const std::string& file, std::size_t features,
                             std::size_t used) {
  LightGBMText lines(text, file);
  LightGBMReader(lines, features, *this).read(used);
}

std::int32_t LightGBMTrees::next(const Node& node, double value) {
  if (std::isnan(value) && node.missing != Missing::nan) value = 0;
  constexpr double kZero = 1e-35F;  // what LightGBM takes for 0
  const bool missing = (node.missing == Missing::zero && std::abs(value) <= kZero) ||
                       (node.missing == Missing::nan && std::isnan(value));
  return (missing ? node.missing_left : value <= node.threshold) ? node.left : node.right;
}

double LightGBMTrees::predict(std::span<const double> features) const {
  double sum = 0;
  for (std::int32_t at : roots_) {
    while (at >= 0) {
      const Node& node = nodes_[static_cast<std::size_t>(at)];
      at = next(node, features[node.feature]);
    }
    const std::int32_t leaf = ~at;
    sum += leaves_[static_cast<std::size_t>(leaf)];
  }
  return sum;
}

}  // namespace nasbench301
