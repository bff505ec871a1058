#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace espalier::picture {

/// A text inside the markup of a label.
std::string escaped(std::string_view text);

/// Writes a picture's description in the DOT language: panels one below the other, their parts from the left
/// to the right.
class DotWriter {
 public:
  explicit DotWriter(std::string_view name);

  void begin_panel(std::string_view id, const std::string& label);
  void end_panel();

  // `id` is a part's own in the whole picture; `text` is plain. What is dead is gray and dashed.
  enum class Life { live, dead };
  void place(std::string_view id, const std::vector<std::string>& lines,
             Life life = Life::live);                     ///< a node of a graph
  void note(std::string_view id, std::string_view text);  ///< a word without a frame
  void pill(std::string_view id, std::string_view text, std::string_view color,
            Life life = Life::live);  ///< a primitive
  void box(std::string_view id, std::string_view text, std::string_view color,
           Life life = Life::live);                                                ///< a graph
  void stripes(std::string_view id, const std::vector<std::string_view>& colors);  ///< one of several

  enum class Tip { arrow, none };
  void connect(std::string_view from, std::string_view to, Tip tip = Tip::arrow, Life life = Life::live);

  /// The whole text. `inputs` are those of all panels, from the top down.
  std::string finish(const std::vector<std::string>& inputs);

 private:
  std::string text_;
};

}  // namespace espalier::picture
