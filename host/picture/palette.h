#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace espalier {
class Graph;
class Operation;
}  // namespace espalier

namespace espalier::picture {

/// A colour for each operation and motif that a space lets choose, in the order in which its graph names
/// them: all pictures of a space agree. They are light, for dark text, and such as colour-blind people tell
/// apart (Paul Tol's schemes "light" and "pale"); with more names than colours they repeat.
class Palette {
 public:
  static constexpr std::string_view kFixedPrimitive = "#f2f2f2";

  explicit Palette(const Graph& space);

  /// Nothing where nobody chooses what is called so.
  std::optional<std::string_view> find(const std::string& name) const;
  /// Of what nobody chooses: white for a graph, a light grey for a primitive.
  std::string_view color(const Operation& operation) const;

 private:
  void add(const Operation& candidate);

  std::map<std::string, std::string_view> colors_;
  std::size_t operations_ = 0;
  std::size_t motifs_ = 0;
};

}  // namespace espalier::picture
