#include "espalier/host/report/table.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "espalier/errors/quoted.h"

namespace espalier::host {
namespace {

using Cells = std::vector<std::string>;
using Indices = std::vector<std::size_t>;

constexpr std::size_t between_columns = 2;
/// Narrower texts are figures and names: folded, nobody could read them.
constexpr std::size_t narrowest_folded = 24;

/// Where a line may end: behind each of these.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" /"), text.size() - 1) + 1;
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return pieces;
}

std::string_view without_space(std::string_view piece) {
  return piece.ends_with(' ') ? piece.substr(0, piece.size() - 1) : piece;
}

std::size_t widest_piece(std::string_view text) {
  std::size_t width = 0;
  for (const std::string_view piece : pieces_of(text))
    width = std::max(width, text_width(without_space(piece)));
  return width;
}

bool says_nothing(const std::string& cell) { return cell == "-" || cell == "–"; }

/// A table in the making: its columns, and how wide each is.
class Layout {
 public:
  Layout(const std::vector<Table::Column>& columns, const std::vector<Cells>& rows, const Table::Style& style)
      : columns_(columns), rows_(rows), style_(style) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (is_left_out(i)) continue;
      shown_.push_back(i);
      widths_.push_back(widest(i, text_width));
    }
  }

  std::string text() {
    narrow();
    std::string all;
    for (std::size_t begin = 1, end = 0; end < shown_.size(); begin = end) {
      end = end_of_part(begin);
      if (!all.empty()) all += '\n';
      add_part(begin, end, all);
    }
    return all;
  }

 private:
  bool is_left_out(std::size_t column) const {
    return column > 0 && !rows_.empty() && std::ranges::all_of(rows_, [&](const Cells& row) {
             return row.empty() || says_nothing(row[column]);
           });
  }

  std::size_t widest(std::size_t column, std::size_t (*width_of)(std::string_view)) const {
    std::size_t width = width_of(columns_[column].title);
    for (const Cells& row : rows_)
      if (!row.empty()) width = std::max(width, width_of(row[column]));
    return width;
  }

  std::size_t total() const {
    return std::accumulate(widths_.begin(), widths_.end(), style_.indent.size()) +
           between_columns * (widths_.size() - 1);
  }

  /// Folds the widest texts, as far as is needed.
  void narrow() {
    std::vector<std::size_t> least = widths_;
    for (std::size_t i = 0; i < shown_.size(); ++i)
      if (columns_[shown_[i]].align == Table::Align::left && widths_[i] > narrowest_folded)
        least[i] = std::max(narrowest_folded, widest(shown_[i], widest_piece));
    while (total() > style_.width) {
      std::size_t widest_column = 0;
      for (std::size_t i = 0; i < widths_.size(); ++i) {
        const std::size_t now = widths_[widest_column] - least[widest_column];
        if (widths_[i] > least[i] && (now == 0 || widths_[i] > widths_[widest_column])) widest_column = i;
      }
      if (widths_[widest_column] == least[widest_column]) return;
      const std::size_t excess = total() - style_.width;
      const std::size_t spare = widths_[widest_column] - least[widest_column];
      widths_[widest_column] -= std::min(excess, spare);
    }
  }

  /// The columns from `begin` on that fit beside the first one.
  std::size_t end_of_part(std::size_t begin) const {
    std::size_t end = begin;
    std::size_t used = style_.indent.size() + widths_.front();
    while (end < shown_.size() && (end == begin || used + between_columns + widths_[end] <= style_.width))
      used += between_columns + widths_[end++];
    return end;
  }

  void add_part(std::size_t begin, std::size_t end, std::string& all) const {
    Indices part = {0};
    for (std::size_t i = begin; i < end; ++i) part.push_back(i);
    std::size_t across = between_columns * (part.size() - 1);
    for (const std::size_t i : part) across += widths_[i];
    std::string rule(style_.indent);
    for (std::size_t i = style_.indent.size(); i < std::min(across + style_.indent.size(), style_.width); ++i)
      rule += "─";
    rule += '\n';

    Cells titles;
    for (const Table::Column& column : columns_) titles.push_back(column.title);
    add_row(titles, part, all);
    if (style_.ruled) all += rule;
    for (const Cells& row : rows_) {
      if (row.empty()) {
        all += rule;
      } else {
        add_row(row, part, all);
      }
    }
  }

  void add_row(const Cells& row, const Indices& part, std::string& all) const {
    std::vector<std::vector<std::string>> folded;
    std::size_t height = 1;
    for (const std::size_t i : part) {
      folded.push_back(fold(row[shown_[i]], widths_[i]));
      height = std::max(height, folded.back().size());
    }
    for (std::size_t line = 0; line < height; ++line) {
      std::string out(style_.indent);
      for (std::size_t i = 0; i < part.size(); ++i) {
        const std::string cell = line < folded[i].size() ? folded[i][line] : "";
        const std::size_t width = widths_[part[i]];
        const std::string padding(width - std::min(width, text_width(cell)), ' ');
        if (i > 0) out += std::string(between_columns, ' ');
        out += columns_[shown_[part[i]]].align == Table::Align::right ? padding + cell : cell + padding;
      }
      out.erase(out.find_last_not_of(' ') + 1);
      all += out + "\n";
    }
  }

  const std::vector<Table::Column>& columns_;
  const std::vector<Cells>& rows_;
  const Table::Style& style_;
  Indices shown_;                    ///< of all columns
  std::vector<std::size_t> widths_;  ///< of those shown
};

}  // namespace

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::vector<std::string> fold(std::string_view text, std::size_t width) {
  if (text_width(text) <= width) return {std::string(text)};
  std::vector<std::string> lines;
  std::string line;
  for (const std::string_view piece : pieces_of(text)) {
    if (!line.empty() && text_width(line) + text_width(without_space(piece)) > width) {
      lines.emplace_back(without_space(line));
      line.clear();
    }
    line += piece;
  }
  lines.emplace_back(without_space(line));
  return lines;
}

std::string fold_lines(std::string_view text, std::size_t width) {
  std::string folded;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (const std::string& line : fold(text.substr(0, end), width)) folded += line + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return folded;
}

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t end = text.size(); end > first + 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

void Table::add(std::vector<std::string> row) {
  constexpr std::size_t longest = 2000;
  for (std::string& cell : row) cell = printable(cell, longest);
  rows_.push_back(std::move(row));
}

std::string Table::render(const Style& style) const { return Layout(columns_, rows_, style).text(); }

}  // namespace espalier::host
