// Whether two architectures are one network. Different strings can be: a cell whose nodes are numbered in
// another order, one in which a skip connection stands for an edge elsewhere, or one with operations that
// lead nowhere.
//
// 1. The network is flattened, and what computes nothing is dropped: identities, zeros in sums, sums of one
//    term. A sum that enters a sum becomes part of it. What has no weights and reads the same is one value.
// 2. Each value gets a hash of the layer and of the hashes of what enters it, from the image on. What enters
//    a sum has no order, and neither has what enters a concatenation whose readers all learn a weight for
//    each channel of it.
// 3. Each value that the output depends on gets a second hash, of its first and of the second ones of its
//    readers. Without it, one convolution that is read twice would equal two alike that are read once each.
//
// The network's hash is that of all second ones, sorted.
#include "espalier/space/network_hash.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "espalier/space/search_space.h"
#include "plan/without_head.h"

namespace espalier {
namespace {

using Hash = std::uint64_t;

Hash mixed(Hash hash, Hash value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  return hash ^ (hash >> 27);
}

Hash hash_of(std::string_view text) {
  Hash hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

Hash hash_of(Hash start, std::vector<Hash> parts, bool ordered) {
  if (!ordered) std::ranges::sort(parts);
  for (const Hash part : parts) start = mixed(start, part);
  return start;
}

/// A value of the network: 0 is the image, and i + 1 leaves layer i of the flattened network. All zeros are
/// one value.
using Value = std::size_t;
constexpr Value kZero = static_cast<Value>(-1);

class Network {
 public:
  explicit Network(const LayerGraph& layers) : layers_(layers) {
    stands_for_.push_back(0);
    entering_.emplace_back();
    for (std::size_t i = 0; i < layers.nodes.size(); ++i) stands_for_.push_back(add(i));
    find_readers();
  }

  Hash hash() const {
    const Value output = stands_for_.back();
    const Hash zero = hash_of("zero");
    if (output == kZero) return zero;
    std::vector<Hash> up(entering_.size(), hash_of(to_string(layers_.input)));
    for (Value value = 1; value < entering_.size(); ++value) {
      std::vector<Hash> parts;
      for (const Value entering : entering_[value]) parts.push_back(entering == kZero ? zero : up[entering]);
      up[value] = hash_of(label(value), std::move(parts), keeps_order(value));
    }
    std::vector<Hash> down = up;
    std::vector<Hash> all;
    for (Value value = entering_.size(); value-- > 0;) {
      if (!live_[value]) continue;
      std::vector<Hash> parts;
      for (const Value reader : readers_[value]) parts.push_back(down[reader]);
      down[value] = hash_of(up[value], std::move(parts), false);
      all.push_back(down[value]);
    }
    return hash_of(up[output], std::move(all), false);
  }

 private:
  template <class T>
  const T* layer_of(Value value) const {
    return value == 0 ? nullptr : layers_.nodes[value - 1].layer.get_if<T>();
  }

  /// Adds what layer i gives, and returns the value that stands for it.
  Value add(std::size_t i) {
    const Value value = entering_.size();
    std::vector<Value> entering;
    for (const int input : layers_.nodes[i].inputs)
      entering.push_back(stands_for_[static_cast<std::size_t>(input) + 1]);
    entering_.emplace_back();
    if (layer_of<Zero>(value) || (keeps_zeros(value) && entering.front() == kZero)) return kZero;
    if (layer_of<Identity>(value)) return entering.front();
    if (!layer_of<Sum>(value)) {
      entering_[value] = std::move(entering);
      return first_like(value);
    }
    std::vector<Value>& terms = entering_[value];
    for (const Value term : entering) {
      if (term == kZero) continue;
      if (layer_of<Sum>(term))
        terms.insert(terms.end(), entering_[term].begin(), entering_[term].end());
      else
        terms.push_back(term);
    }
    if (terms.empty()) return kZero;
    std::ranges::sort(terms);
    return terms.size() == 1 ? terms.front() : first_like(value);
  }

  /// The first value that a layer without weights makes of the same values in the same way. What drops paths
  /// at random does so for itself, and what a plugin's layer does is not known.
  Value first_like(Value value) {
    const bool own = layers_.nodes[value - 1].parameters > 0 || layer_of<DropPath>(value) ||
                     layer_of<Dropout>(value) || layer_of<CustomLayer>(value);
    return own ? value : known_.try_emplace({label(value), entering_[value]}, value).first->second;
  }

  /// Whether a layer of one input makes zeros of zeros. A batch norm adds what it has learned.
  bool keeps_zeros(Value value) const {
    const auto* convolution = layer_of<Conv2d>(value);
    return (convolution != nullptr && !convolution->bias) || layer_of<ReLU>(value) ||
           layer_of<AvgPool>(value) || layer_of<MaxPool>(value) || layer_of<GlobalAvgPool>(value) ||
           layer_of<DropPath>(value) || layer_of<Dropout>(value);
  }

  void find_readers() {
    live_.assign(entering_.size(), false);
    readers_.resize(entering_.size());
    if (stands_for_.back() == kZero) return;
    live_[stands_for_.back()] = true;
    for (Value value = entering_.size(); value-- > 0;) {
      if (!live_[value]) continue;
      for (const Value entering : entering_[value]) {
        if (entering == kZero) continue;
        live_[entering] = true;
        readers_[entering].push_back(value);
      }
    }
  }

  Hash label(Value value) const {
    const LayerGraph::Node& node = layers_.nodes[value - 1];
    return mixed(hash_of(node.layer.describe()), hash_of(to_string(node.shape)));
  }

  bool keeps_order(Value value) const {
    if (layer_of<Sum>(value)) return false;
    return !layer_of<Concat>(value) || !channels_are_alike(value);
  }

  /// Whether all that reads a value learns a weight for each of its channels, directly or behind layers that
  /// treat each channel by itself.
  bool channels_are_alike(Value value) const {
    return !readers_[value].empty() && std::ranges::all_of(readers_[value], [&](Value reader) {
      if (const auto* convolution = layer_of<Conv2d>(reader)) return convolution->groups == 1;
      if (layer_of<Linear>(reader)) return true;
      const bool by_channel = layer_of<ReLU>(reader) || layer_of<BatchNorm>(reader) ||
                              layer_of<AvgPool>(reader) || layer_of<MaxPool>(reader) ||
                              layer_of<GlobalAvgPool>(reader) || layer_of<Shift>(reader) ||
                              layer_of<DropPath>(reader);
      return by_channel && channels_are_alike(reader);
    });
  }

  const LayerGraph& layers_;
  std::vector<Value> stands_for_;             ///< by value: itself, an earlier one, or kZero
  std::vector<std::vector<Value>> entering_;  ///< the terms of a sum, or what enters a layer
  std::map<std::pair<Hash, std::vector<Value>>, Value> known_;  ///< by label and what enters: first_like()
  std::vector<std::vector<Value>> readers_;                     ///< among the live ones
  std::vector<bool> live_;                                      ///< what the output depends on
};

}  // namespace

std::uint64_t network_hash(const SearchSpace& space, const Architecture& architecture) {
  return Network(
             flatten_without_head(space.instantiate(architecture), space.input_shape(), Purpose::evaluation))
      .hash();
}

}  // namespace espalier
