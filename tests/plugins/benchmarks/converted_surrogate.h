#pragma once

#include <boost/crc.hpp>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

// Folders as scripts/convert-nasbench301 writes them, around models that a test makes.
namespace espalier::testing {

inline std::string crc32(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  std::string hex(8, '0');
  for (std::size_t digit = 0; digit < hex.size(); ++digit)
    hex[digit] = "0123456789abcdef"[crc.checksum() >> (28 - 4 * digit) & 15U];
  return hex;
}

/// surrogate.json for models of one library; the files are called member_0, member_1 and so on.
inline nlohmann::json surrogate_list(const std::string& library, const std::vector<std::string>& models,
                                     const std::string& target = "validation_accuracy") {
  nlohmann::json members = nlohmann::json::array();
  for (const std::string& model : models) {
    members.push_back({{"file", "member_" + std::to_string(members.size())},
                       {"bytes", model.size()},
                       {"crc32", crc32(model)},
                       {"version", "v3"},
                       {"trees", 0}});
  }
  return {{"format", "espalier nasbench301 surrogate 1"},
          {"library", library},
          {"target", target},
          {"members", members}};
}

inline void write_surrogate(const std::filesystem::path& folder, const nlohmann::json& list,
                            const std::vector<std::string>& models) {
  std::filesystem::create_directories(folder);
  for (std::size_t i = 0; i < models.size(); ++i)
    std::ofstream(folder / ("member_" + std::to_string(i)), std::ios::binary) << models[i];
  std::ofstream(folder / "surrogate.json") << list.dump();
}

/// A model of LightGBM with these trees, each the lines of a block.
inline std::string lightgbm_text(const std::vector<std::string>& trees) {
  std::string text =
      "tree\nversion=v3\nnum_class=1\nnum_tree_per_iteration=1\nmax_feature_idx=55\nobjective=regression\n\n";
  for (std::size_t i = 0; i < trees.size(); ++i) text += "Tree=" + std::to_string(i) + "\n" + trees[i] + "\n";
  return text + "end of trees\n";
}

inline std::string lightgbm_leaf(double value) {
  return "num_leaves=1\nnum_cat=0\nleaf_value=" + std::to_string(value) + "\n";
}

/// A tree with one split of value `feature`: 1 where it goes left, 2 where it goes right.
inline std::string lightgbm_stump(std::size_t feature, double threshold, unsigned decision) {
  return "num_leaves=2\nnum_cat=0\nsplit_feature=" + std::to_string(feature) +
         "\nthreshold=" + std::to_string(threshold) + "\ndecision_type=" + std::to_string(decision) +
         "\nleft_child=-1\nright_child=-2\nleaf_value=1 2\n";
}

struct XGBoostTree {
  std::vector<std::int32_t> left;
  std::vector<std::int32_t> right;
  std::vector<std::uint32_t> feature;
  std::vector<float> value;
};

/// The trees of a model of XGBoost, as bytes.
inline std::string xgboost_bytes(const std::vector<XGBoostTree>& trees, float constant = 0,
                                 std::uint32_t features = 56, std::uint32_t format = 1) {
  std::string bytes = "NB301XGB";
  const auto add = [&](const auto* values, std::size_t count) {
    bytes.append(reinterpret_cast<const char*>(values), count * sizeof(*values));
  };
  const auto count = static_cast<std::uint32_t>(trees.size());
  add(&format, 1);
  add(&features, 1);
  add(&constant, 1);
  add(&count, 1);
  for (const XGBoostTree& tree : trees) {
    const auto nodes = static_cast<std::uint32_t>(tree.left.size());
    add(&nodes, 1);
    add(tree.left.data(), nodes);
    add(tree.right.data(), nodes);
    add(tree.feature.data(), nodes);
    add(tree.value.data(), nodes);
  }
  return bytes;
}

/// A tree with one split of value `feature`: 1 where it is below `threshold`, else 2.
inline XGBoostTree xgboost_stump(std::uint32_t feature, float threshold) {
  return {.left = {1, -1, -1}, .right = {2, -1, -1}, .feature = {feature, 0, 0}, .value = {threshold, 1, 2}};
}

}  // namespace espalier::testing
