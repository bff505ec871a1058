#include "lightgbm_trees.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "espalier/errors/errors.h"
#include "espalier/errors/quoted.h"

using espalier::Error;

namespace nasbench301 {

namespace {

std::string shown(std::string_view text) { return espalier::quoted(text, 40); }

}  // namespace

// The text is lines KEY=VALUE: a header, and a block behind each line Tree=INDEX, whose lists are separated
// by spaces. A tree of n leaves has n - 1 nodes; node i > 0 was split off a node before it, so that children
// stand behind their parents and no tree has a cycle.
class LightGBMReader {
 public:
  LightGBMReader(std::string_view text, const std::string& file, std::size_t features)
      : text_(text), file_(file), features_(features) {}

  void read(LightGBMTrees& model, std::size_t used) {
    read_block();
    check_header();
    while (!ended_) {
      if (std::size_t index = 0; !parse(block_name_, index) || index != model.roots_.size())
        refuse(block_line_, fmt::format("the trees are not in order: Tree={}", shown(block_name_)),
               fmt::format("Tree={}", model.roots_.size()));
      read_block();
      add_tree(model);
    }
    if (model.roots_.empty()) refuse(line_, "the model has no trees");
    if (used > model.roots_.size())
      refuse(line_, "the model has fewer trees than surrogate.json says", fmt::format("{} or more", used));
    if (used > 0) model.roots_.resize(used);
  }

 private:
  struct Value {
    std::string_view text;
    std::size_t line = 0;
  };

  [[noreturn]] void refuse(
      std::size_t line, const std::string& what, const std::string& expected = {},
      const char* remedy = "convert the surrogate again with scripts/convert-nasbench301") const {
    throw Error(
        {.what = what, .where = fmt::format("{}:{}", file_, line), .expected = expected, .remedy = remedy});
  }
  /// A model that is whole, but of a kind that the official surrogates are not.
  [[noreturn]] void refuse_kind(std::size_t line, const std::string& what,
                                const std::string& expected) const {
    refuse(line, what, expected, "train the surrogate as the official ones are: trees with numerical splits");
  }

  /// Reads the lines up to the next tree, or to the end of the trees.
  void read_block() {
    block_.clear();
    while (true) {
      if (text_.empty()) refuse(line_, "the model ends early", "the line \"end of trees\"");
      ++line_;
      const std::string_view line = text_.substr(0, text_.find('\n'));
      text_.remove_prefix(std::min(text_.size(), line.size() + 1));
      if (line == "end of trees") {
        ended_ = true;
        return;
      }
      const std::size_t equals = std::min(line.find('='), line.size());
      const std::string_view key = line.substr(0, equals);
      const std::string_view value = line.substr(std::min(line.size(), equals + 1));
      if (key == "Tree") {
        block_name_ = value;
        block_line_ = line_;
        return;
      }
      if (!key.empty() && !block_.emplace(key, Value{.text = value, .line = line_}).second)
        refuse(line_, fmt::format("{} stands twice", shown(key)));
    }
  }

  const Value& value(std::string_view key) const {
    const auto found = block_.find(key);
    if (found == block_.end()) refuse(line_, fmt::format("\"{}\" is missing above this line", key));
    return found->second;
  }

  void expect(std::string_view key, std::string_view wanted) const {
    const Value& found = value(key);
    if (found.text != wanted)
      refuse_kind(found.line, fmt::format("{} is {}", key, shown(found.text)), fmt::format("\"{}\"", wanted));
  }

  void check_header() const {
    if (!block_.contains("tree"))
      refuse(1, "not a model of LightGBM", "\"tree\", as the text of a model begins");
    expect("num_class", "1");
    expect("num_tree_per_iteration", "1");
    expect("max_feature_idx", std::to_string(features_ - 1));
    expect("objective", "regression");
    if (const auto found = block_.find("average_output"); found != block_.end())
      refuse_kind(found->second.line, "the trees of the model are averaged", "trees that are summed");
  }

  template <class T>
  static bool parse(std::string_view text, T& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
  }

  /// A list of `count` numbers.
  template <class T>
  std::vector<T> list(std::string_view key, std::size_t count) const {
    const Value& found = value(key);
    std::vector<T> numbers;
    std::string_view rest = found.text;
    while (!rest.empty()) {
      const std::string_view token = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), token.size() + 1));
      T number{};
      if (!parse(token, number) || !std::isfinite(static_cast<double>(number)))
        refuse(found.line, fmt::format("{}: {} is not a number", key, shown(token)));
      numbers.push_back(number);
    }
    if (numbers.size() != count)
      refuse(found.line, fmt::format("{} has {} numbers", key, numbers.size()), fmt::format("{}", count));
    return numbers;
  }

  std::size_t count(std::string_view key) const {
    const Value& found = value(key);
    std::size_t number = 0;
    if (!parse(found.text, number))
      refuse(found.line, fmt::format("{}={} is not a number", key, shown(found.text)));
    return number;
  }

  void add_tree(LightGBMTrees& model) {
    expect("num_cat", "0");
    if (block_.contains("is_linear")) expect("is_linear", "0");
    const std::size_t leaves = count("num_leaves");
    const std::vector<double> values = list<double>("leaf_value", leaves);
    if (leaves == 0) refuse(value("num_leaves").line, "a tree has no leaves");
    constexpr std::size_t kMost = std::size_t{1} << 30;  // what a child can point at
    if (model.leaves_.size() + leaves > kMost) refuse(line_, "the model has more than 2^30 leaves");
    const auto first_leaf = static_cast<std::int32_t>(model.leaves_.size());
    const auto first_node = static_cast<std::int32_t>(model.nodes_.size());
    model.leaves_.insert(model.leaves_.end(), values.begin(), values.end());
    model.roots_.push_back(leaves == 1 ? ~first_leaf : first_node);
    if (leaves > 1) add_nodes(model, leaves - 1, first_node, first_leaf);
  }

  void add_nodes(LightGBMTrees& model, std::size_t nodes, std::int32_t first_node, std::int32_t first_leaf) {
    const auto features = list<std::uint32_t>("split_feature", nodes);
    const auto thresholds = list<double>("threshold", nodes);
    const auto decisions = list<unsigned>("decision_type", nodes);
    const auto lefts = list<std::int32_t>("left_child", nodes);
    const auto rights = list<std::int32_t>("right_child", nodes);
    // Children are checked against the counts of this tree, so that the sums below stay in range.
    const auto child = [&](const char* key, std::size_t node, std::int32_t index) {
      const bool is_leaf = index < 0;
      const std::size_t target = static_cast<std::size_t>(is_leaf ? ~index : index);
      if (is_leaf ? target > nodes : target <= node || target >= nodes)
        refuse(value(key).line, fmt::format("{}: node {} cannot have the child {}", key, node, index),
               fmt::format("a node behind it, up to {}, or a leaf, -1 to -{}", nodes - 1, nodes + 1));
      return is_leaf ? ~(first_leaf + ~index) : first_node + index;
    };
    for (std::size_t i = 0; i < nodes; ++i) {
      if (features[i] >= features_)
        refuse(value("split_feature").line, fmt::format("split_feature: there is no feature {}", features[i]),
               fmt::format("0 to {}", features_ - 1));
      // Bit 0: categorical; bit 1: what is missing goes left; bits 2 and 3: what counts as missing.
      if ((decisions[i] & 1U) != 0 || decisions[i] >> 2U > 2)
        refuse_kind(value("decision_type").line, fmt::format("decision_type: {} is not known", decisions[i]),
                    "a numerical split: 0, 2, 4, 6, 8 or 10");
      model.nodes_.push_back({.threshold = thresholds[i],
                              .feature = features[i],
                              .left = child("left_child", i, lefts[i]),
                              .right = child("right_child", i, rights[i]),
                              .missing = static_cast<LightGBMTrees::Missing>(decisions[i] >> 2U),
                              .missing_left = (decisions[i] & 2U) != 0});
    }
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t features_;
  std::size_t line_ = 0;
  bool ended_ = false;
  std::string_view block_name_;
  std::size_t block_line_ = 0;
  std::map<std::string_view, Value> block_;
};

LightGBMTrees::LightGBMTrees(std::string_view text, const std::string& file, std::size_t features,
                             std::size_t used) {
  LightGBMReader(text, file, features).read(*this, used);
}

std::int32_t LightGBMTrees::next(const Node& node, double value) const {
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
    sum += leaves_[static_cast<std::size_t>(~at)];
  }
  return sum;
}

}  // namespace nasbench301
