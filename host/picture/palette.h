#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace espalier {
class Graph;
class Operation;
class Primitive;
}  // namespace espalier

namespace espalier::picture {

/// A color for each operation and motif that a space lets choose. An operation has the color of what it does
/// (meaning_of()) in the pictures of all spaces: what is usual has one of a scheme whose colors people of any
/// color vision tell apart where they stand in one picture; the color of anything else follows from its name.
/// Motifs have theirs in the order in which a space names them. All are light enough for dark text.
class Palette {
 public:
  static constexpr std::string_view kFixedPrimitive = "#f2f2f2";

  explicit Palette(const Graph& space);

  /// Nothing where nobody chooses what is called so.
  std::optional<std::string_view> find(const std::string& name) const;
  /// Of what nobody chooses: white for a graph, a light gray for a primitive.
  std::string_view color(const Operation& operation) const;

 private:
  void add(const Operation& candidate);

  std::string unused_color(const Primitive& primitive) const;

  std::map<std::string, std::string> colors_;
  std::size_t motifs_ = 0;
};

}  // namespace espalier::picture
